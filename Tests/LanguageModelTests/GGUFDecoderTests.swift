// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import ModelTestSupport
import Testing
import WeightFiles

/// Decoders in GGUF files of the reference; needs `../shared/fixtures`.
@Suite(.enabled(if: ReferenceModel.isAvailable, "needs ../shared/fixtures/gguf"))
struct GGUFDecoderTests {
    static let folder = ReferenceModel.folder.appending(path: "../gguf").standardized

    @Test(
        "a quantised decoder has the logits of its dequantised weights",
        arguments: ["llama-f32", "llama-q8_0", "llama-q4_0"])
    func logits(name: String) throws {
        let trunk = try DecoderModel(
            gguf: GGUFFile(Self.folder.appending(path: name + ".gguf")))
        let expected = try SafetensorsFile(
            Self.folder.appending(path: name + ".expected.safetensors"))
        let inputs = try JSONDecoder().decode(
            [[Int32]].self,
            from: Data(contentsOf: Self.folder.appending(path: "inputs.json")))
        for (index, tokens) in inputs.enumerated() {
            let logits = try trunk.logits(tokens)
            #expect(largestDifference(logits, try expected.tensor("logits_\(index)")) < 1e-4)
        }
    }

    @Test("greedy tokens agree with the reference")
    func generation() throws {
        struct Facts: Decodable {
            struct Generation: Decodable {
                var file: String
                var prompt: [Int32]
                var tokens: [Int32]
            }
            var generations: [Generation]
        }
        let facts = try JSONDecoder().decode(
            Facts.self, from: Data(contentsOf: Self.folder.appending(path: "expected.json")))
        #expect(facts.generations.count >= 3)
        for case let run in facts.generations {
            let trunk = try DecoderModel(gguf: GGUFFile(Self.folder.appending(path: run.file)))
            let tokens = try trunk.generateGreedily([run.prompt], limit: run.tokens.count)
            #expect(tokens == [run.tokens], "\(run.file)")
        }
    }

    @Test("a GGUF file has the weights of the checkpoint that it was made from")
    func weights() throws {
        let gguf = try GGUFDecoder(GGUFFile(Self.folder.appending(path: "llama-f32.gguf")))
        let folder = try SafetensorsFolder(
            ReferenceModel.folder.appending(path: "llama-sharded"))
        #expect(gguf.names == folder.names)
        for name in gguf.names {
            #expect(try gguf.tensor(name) == folder.tensor(name), "\(name)")
        }
    }

    @Test("blocks that are used as they lie compute what their widened weights do, nearly")
    func stored() throws {
        for name in ["llama-f32", "llama-q8_0", "llama-q4_0"] {
            let file = try GGUFFile(Self.folder.appending(path: name + ".gguf"))
            let plain = try DecoderModel(gguf: file)
            let stored = try DecoderModel(gguf: file, precision: .stored)
            #expect(stored.weights.turnsNeighbours)
            let tokens: [Int32] = (0..<40).map { Int32($0 * 13 % 500) }
            let (wanted, found) = (try plain.logits(tokens), try stored.logits(tokens))
            let square = zip(wanted.values, found.values).reduce(Float(0)) {
                $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
            }
            // Activations in 8 bits; of 32-bit weights nothing is rounded.
            let deviation = (square / Float(wanted.count)).squareRoot()
            #expect(name == "llama-f32" ? deviation < 1e-5 : deviation < 0.15, "\(name)")
        }
    }
}

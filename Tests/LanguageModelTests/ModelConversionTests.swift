// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import TestSupport
import ModelTestSupport
import Testing
import WeightFiles

@Suite struct ModelConversionTests {
    private func expectEqual(_ folder: URL, _ other: URL) throws {
        let (first, second) = (try SafetensorsFolder(folder), try SafetensorsFolder(other))
        #expect(first.names == second.names)
        for name in first.names {
            #expect(try first.tensor(name) == second.tensor(name), "\(name)")
        }
        let (one, two) = (try DecoderModel(directory: folder), try DecoderModel(directory: other))
        #expect(one.configuration == two.configuration)
        let tokens = (0..<40).map { Int32($0 * 7 % 96) }
        // The same weights; the last bits of a product may depend on where its factors lie.
        #expect(largestDifference(try one.logits(tokens), try two.logits(tokens)) < 1e-4)
    }

    @Test(
        "a model comes back from a GGUF file of 32-bit floats as it went in",
        arguments: TinyModels.names)
    func throughGGUF(name: String) throws {
        let place = try TemporaryFolder()
        let (folder, file, again) = (place["in"], place["m.gguf"], place["out"])
        try TinyModels.write(name, to: folder)
        try ModelConversion(folder).writeGGUF(to: file, recipe: .f32)
        let trunk = try DecoderModel(gguf: GGUFFile(file))
        let tokens = (0..<40).map { Int32($0 * 5 % 96) }
        let before = try DecoderModel(directory: folder).logits(tokens)
        #expect(largestDifference(try trunk.logits(tokens), before) < 1e-4)
        try ModelConversion(file).writeFolder(to: again)
        try expectEqual(folder, again)
    }

    @Test("so it does when its file is divided, and in 16 bits", arguments: TinyModels.names)
    func throughShards(name: String) throws {
        let place = try TemporaryFolder()
        try TinyModels.write(name, to: place["in"])
        let report = try ModelConversion(place["in"]).writeFolder(
            to: place["shards"], shardBytes: 20_000)
        #expect(report.files > 3)
        try expectEqual(place["in"], place["shards"])
        try ModelConversion(place["shards"]).writeFolder(to: place["half"], storage: .bfloat16)
        let half = try DecoderModel(directory: place["half"])
        #expect(half.configuration.dtype == .bfloat16)
        let tokens = (0..<40).map { Int32($0 * 7 % 96) }
        let whole = try DecoderModel(directory: place["in"]).logits(tokens)
        #expect(largestDifference(try half.logits(tokens), whole) < 1e-4)
    }

    @Test(
        "eight bits change logits little, four bits more",
        arguments: TinyModels.names)
    func quantized(name: String) throws {
        let place = try TemporaryFolder()
        try TinyModels.write(name, to: place["in"])
        let tokens = (0..<40).map { Int32($0 * 7 % 96) }
        let exact = try DecoderModel(directory: place["in"]).logits(tokens)
        let size = (exact.values.reduce(0) { $0 + $1 * $1 } / Float(exact.count)).squareRoot()
        func distance(_ recipe: QuantizationRecipe) throws -> Float {
            let file = place["\(recipe).gguf"]
            try ModelConversion(place["in"]).writeGGUF(to: file, recipe: recipe)
            let found = try DecoderModel(gguf: GGUFFile(file)).logits(tokens)
            let squares = zip(exact.values, found.values).reduce(Float(0)) { sum, pair in
                sum + (pair.0 - pair.1) * (pair.0 - pair.1)
            }
            return (squares / Float(exact.count)).squareRoot() / size
        }
        let eight = try distance(.q8_0)
        #expect(eight < 0.05)
        #expect(try distance(.q4_0) > eight)
        #expect(try distance(.f16) < 0.01)
    }

    @Test("a file that is there is only replaced where that is asked for")
    func replacing() throws {
        let place = try TemporaryFolder()
        try TinyModels.write("llama", to: place["in"])
        try FileManager.default.createDirectory(
            at: place["out"], withIntermediateDirectories: false)
        let conversion = try ModelConversion(place["in"])
        #expect(throws: (any Error).self) { try conversion.writeFolder(to: place["out"]) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place["out"].path).isEmpty)
        try conversion.writeFolder(to: place["out"], replaces: true)
        #expect(try DecoderModel(directory: place["out"]).configuration.vocabSize == 96)
        let left = try FileManager.default.contentsOfDirectory(atPath: place.url.path)
        #expect(left.sorted() == ["in", "out"])
    }

    @Test("a conversion that is stopped leaves nothing", arguments: [true, false])
    func stopped(isGGUF: Bool) throws {
        struct Stop: Error {}
        let place = try TemporaryFolder()
        try TinyModels.write("llama", to: place["in"])
        let conversion = try ModelConversion(place["in"])
        #expect(throws: Stop.self) {
            if isGGUF {
                try conversion.writeGGUF(to: place["out"], recipe: .q8_0) { _ in throw Stop() }
            } else {
                try conversion.writeFolder(to: place["out"]) { if $0 > 0.5 { throw Stop() } }
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.url.path) == ["in"])
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tokenizers
import WeightFiles

/// Readers of model files, each given bytes that may be anything.
///
/// An error is as good as an answer: what must not happen is that the process ends. `Scripts/fuzz`
/// compiles this file with libFuzzer; the tests replay the corpus through it.
enum HostileInput: String, CaseIterable {
    case safetensors, gguf, configuration, index, tokenizer

    /// Reads the bytes as a file of the kind, in a folder of the caller's, and uses what it holds.
    ///
    /// Gives a word for what came of it: `read`, or the error's name.
    func read(_ bytes: Data, in folder: URL) -> String {
        do {
            switch self {
            case .safetensors: try Self.readSafetensors(bytes, folder.appending(path: "f"))
            case .gguf: try Self.readGGUF(bytes, folder.appending(path: "f.gguf"))
            case .configuration: try Self.readConfiguration(bytes)
            case .index: try Self.readIndex(bytes, folder)
            case .tokenizer: try Self.use(JSONTokenizers.tokenizer(in: bytes, name: "t.json"))
            }
            return "read"
        } catch {
            return String("\(error)".prefix { $0 != "(" })
        }
    }

    private static func readSafetensors(_ bytes: Data, _ file: URL) throws {
        try bytes.write(to: file)
        let opened = try SafetensorsFile(file)
        for name in opened.names {
            guard let shape = opened.shape(of: name) else { continue }
            let whole = try? opened.tensor(name)
            guard let rows = shape.first, rows > 0 else { continue }
            let part = try? opened.tensor(name, rows: rows / 2..<rows)
            guard let whole, let part else { continue }
            let tail = whole.values.suffix(part.count)
            guard part.values.map(\.bitPattern) == tail.map(\.bitPattern) else {
                preconditionFailure("some rows are those of the whole")
            }
        }
    }

    private static func readGGUF(_ bytes: Data, _ file: URL) throws {
        try bytes.write(to: file)
        let opened = try GGUFFile(file)
        for name in opened.names { _ = try opened.tensor(name) }
        if let tokenizer = try? GGUFTokenizer.open(opened) { use(tokenizer) }
        let decoder = try GGUFDecoder(opened)
        for name in decoder.names where decoder.shape(of: name) != nil {
            _ = try? decoder.tensor(name)
        }
        use(decoder.configuration)
    }

    private static func readConfiguration(_ bytes: Data) throws {
        let fields = try ConfigurationFields(json: bytes, name: "config.json")
        if let encoder = try? EncoderConfiguration(fields) { _ = encoder.longestText }
        let configuration = try DecoderConfiguration(fields)
        use(configuration)
        let again = try DecoderConfiguration(json: configuration.json(), name: "again.json")
        guard again.storedTensors.count == configuration.storedTensors.count else {
            preconditionFailure("a configuration that was written reads as the same")
        }
    }

    private static func use(_ configuration: DecoderConfiguration) {
        let (width, theta) = (configuration.rotaryWidth, configuration.ropeTheta)
        for positions in [1, configuration.maxPositionEmbeddings] {
            let scaled = configuration.ropeScaling.frequencies(
                theta: theta, width: width, positions: positions)
            precondition(scaled.frequencies.count == width / 2, "one for each pair")
        }
        _ = configuration.parameterCount
    }

    private static func readIndex(_ bytes: Data, _ folder: URL) throws {
        try bytes.write(to: folder.appending(path: "model.safetensors.index.json"))
        let opened = try SafetensorsFolder(folder)
        for name in opened.names { _ = try opened.tensor(name) }
    }

    private static func use(_ tokenizer: any TextTokenizer) {
        let tokens = tokenizer.encode("The 患者 is  well.\n<s>ﬁ か\u{3099}")
        _ = tokenizer.decode(tokens.map(\.id), skippingSpecial: true)
        _ = tokenizer.summary
    }
}

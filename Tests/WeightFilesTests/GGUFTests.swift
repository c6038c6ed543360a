// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import Testing
import WeightFiles

/// GGUF files of the reference; needs `../shared/fixtures`.
@Suite(.enabled(if: GGUFFixtures.areAvailable, "needs ../shared/fixtures/gguf"))
struct GGUFTests {
    static let folder = GGUFFixtures.folder

    @Test("every block format has the values of the reference, to the last bit")
    func blocks() throws {
        let file = try GGUFFile(Self.folder.appending(path: "block-formats.gguf"))
        let expected = try SafetensorsFile(
            Self.folder.appending(path: "block-formats.expected.safetensors"))
        #expect(file.names.count == 12)
        for name in file.names {
            #expect(try file.tensor(name) == expected.tensor(name), "\(name)")
        }
    }

    @Test("some rows of a tensor are those of the whole", arguments: ["Q4_0", "Q6_K", "BF16"])
    func rows(name: String) throws {
        let file = try GGUFFile(Self.folder.appending(path: "block-formats.gguf"))
        #expect(try file.tensor(name, rows: 1..<3) == file.tensor(name).rowSlice(1..<3))
    }

    @Test(
        "quantised weights are those of the reference", arguments: ["llama-q8_0", "llama-q4_0"])
    func weights(name: String) throws {
        let file = try GGUFFile(Self.folder.appending(path: name + ".gguf"))
        let expected = try SafetensorsFile(
            Self.folder.appending(path: name + ".expected.safetensors"))
        for tensor in file.names {
            #expect(try file.tensor(tensor) == expected.tensor("weights." + tensor), "\(tensor)")
        }
    }
}

enum GGUFFixtures {
    static let folder = URL(filePath: #filePath)
        .appending(path: "../../../../shared/fixtures/gguf").standardized
    static var areAvailable: Bool {
        FileManager.default.fileExists(atPath: folder.path(percentEncoded: false))
    }
}

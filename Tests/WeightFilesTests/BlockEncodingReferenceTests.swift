// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import Testing
import WeightFiles

/// Blocks of the reference; needs `../shared/fixtures`.
@Suite(.enabled(if: GGUFFixtures.areAvailable, "needs ../shared/fixtures/gguf"))
struct BlockEncodingReferenceTests {
    @Test("ggml's own rounding is repeated to the last bit", arguments: ["q8_0", "q4_0"])
    func matrices(name: String) throws {
        let plain = try GGUFFile(GGUFFixtures.folder.appending(path: "llama-f32.gguf"))
        let blocks = try GGUFFile(GGUFFixtures.folder.appending(path: "llama-\(name).gguf"))
        for tensor in plain.names {
            let format = try #require(blocks.format(of: tensor))
            let values = try Self.roundTrip(format, plain.tensor(tensor).values)
            #expect(try values == blocks.tensor(tensor).values, "\(tensor)")
        }
    }

    @Test(
        "so is that of the other formats of 32 elements",
        arguments: ["F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"])
    func formats(name: String) throws {
        let file = try GGUFFile(GGUFFixtures.folder.appending(path: "block-formats.gguf"))
        let expected = try SafetensorsFile(
            GGUFFixtures.folder.appending(path: "block-formats.expected.safetensors"))
        let source = try expected.tensor(name + ".source").values
        let format = try #require(file.format(of: name))
        #expect(try Self.roundTrip(format, source) == expected.tensor(name).values)
    }

    static func roundTrip(_ format: BlockFormat, _ values: [Float]) throws -> [Float] {
        let bytes = try #require(format.encoded(values))
        return [Float](unsafeUninitializedCapacity: values.count) { result, count in
            bytes.withUnsafeBytes {
                BlockDecoding(bytes: $0).decode(
                    format,
                    into: UnsafeMutableBufferPointer(rebasing: result[..<values.count]))
            }
            count = values.count
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import CompressedFiles

@Suite("Packed files")
struct UnpackedFileTests {
    /// `発熱`, a blank line and `咳` by gzip, zstd, bzip2 and xz.
    private static let packed = [
        "H4sIAAAAAAAAA3s+c9fzto1cXE8nbeYCAHQud+oMAAAA", "KLUv/SQMYQAA55m654axCgrlkrMKmeYMDQ==",
        "QlpoOTFBWSZTWTSBVzEAAAXAaQAQAQAQICgQAoAgACIaMTQgyYghSBPnB4u5IpwoSBpAq5iA",
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAL55m654axCgrlkrMKAGcRK/YkLRJqAAEkDKYY2NgftvN9AQAAAAAEWVo=",
    ]
    /// The same by gzip, and a second member with a line more.
    private static let members =
        "H4sIAAAAAAAAA3s+c9fzto1cXE8nbeYCAHQud+oMAAAAH4sIAAAAAAAAA+N6Pn0DFwDuf3Y7BQAAAA=="

    private func content(_ file: URL) throws -> (text: String, packed: Int) {
        var source = try UnpackedFile(file.path)
        var bytes: [UInt8] = []
        while let piece = try source.next() { bytes += piece }
        #expect(try source.next() == nil)
        return (String(decoding: bytes, as: UTF8.self), source.packedBytes)
    }

    @Test("are unpacked by what they hold, whatever their name", arguments: packed)
    func unpacked(_ base64: String) throws {
        let folder = try TemporaryFolder()
        let data = try #require(Data(base64Encoded: base64))
        let file = try folder.write(data, to: "a.txt")
        let content = try content(file)
        #expect(content.text == "発熱\n\n咳\n" && content.packed == data.count)
    }

    @Test("of several members are one content, and plain ones are as they are")
    func members() throws {
        let folder = try TemporaryFolder()
        let data = try #require(Data(base64Encoded: Self.members))
        let several = try content(folder.write(data, to: "a.gz")).text
        #expect(several == "発熱\n\n咳\n\n痰\n")
        let long = String(repeating: "発熱がある。\n", count: 50_000)
        let plain = try content(folder.write(long, to: "b.txt"))
        #expect(plain.text == long && plain.packed == long.utf8.count)
        let empty = try content(folder.write("", to: "c.txt")).text
        #expect(empty.isEmpty)
    }

    @Test("that end too soon or are damaged are refused with their name", arguments: packed)
    func damaged(_ base64: String) throws {
        let folder = try TemporaryFolder()
        let data = try #require(Data(base64Encoded: base64))
        let short = try folder.write(data.dropLast(9), to: "short.gz")
        let error = #expect(throws: UnpackingError.self) { try content(short) }
        expectSentence(of: try #require(error), naming: ["short.gz"])
    }

    @Test("that are not there are said to be so")
    func absent() throws {
        let error = #expect(throws: UnpackingError.self) {
            try content(URL(filePath: "/nowhere/absent.gz"))
        }
        #expect(error?.disposition == .noInput)
        expectSentence(of: try #require(error), naming: ["/nowhere/absent.gz"])
    }
}

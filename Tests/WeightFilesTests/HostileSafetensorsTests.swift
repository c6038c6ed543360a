// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import Testing
import WeightFiles

/// Files that break one rule of the format each.
@Suite struct HostileSafetensorsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var header: String
        var dataBytes: Int
        /// Which case of the error is expected.
        var error: String
    }

    static func tensor(_ type: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
        #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
    }

    static let cases = [
        Case(testDescription: "no JSON", header: "hello", dataBytes: 0, error: "header"),
        Case(testDescription: "a list", header: "[]", dataBytes: 0, error: "header"),
        Case(
            testDescription: "a number as tensor", header: #"{"a":1}"#, dataBytes: 0,
            error: "header"),
        Case(
            testDescription: "metadata that are no texts",
            header: #"{"__metadata__":{"a":1}}"#, dataBytes: 0, error: "header"),
        Case(
            testDescription: "three offsets",
            header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}"#, dataBytes: 4,
            error: "header"),
        Case(
            testDescription: "a length with a fraction",
            header: #"{"a":\#(tensor("F32", "[1.5]", 0, 6))}"#, dataBytes: 6, error: "header"),
        Case(
            testDescription: "deeply nested JSON",
            header: String(repeating: #"{"a":"#, count: 100_000), dataBytes: 0, error: "header"),
        Case(
            testDescription: "an unknown type", header: #"{"a":\#(tensor("Q4", "[8]", 0, 4))}"#,
            dataBytes: 4, error: "unknownType"),
        Case(
            testDescription: "a negative length",
            header: #"{"a":\#(tensor("F32", "[-1,-1]", 0, 4))}"#, dataBytes: 4, error: "shape"),
        Case(
            testDescription: "lengths whose product overflows",
            header: #"{"a":\#(tensor("F32", "[4294967296,4294967296,4]", 0, 4))}"#, dataBytes: 4,
            error: "shape"),
        Case(
            testDescription: "too many dimensions",
            header:
                #"{"a":\#(tensor("F32", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", 0, 4))}"#,
            dataBytes: 4, error: "shape"),
        Case(
            testDescription: "fewer bytes than the shape needs",
            header: #"{"a":\#(tensor("F32", "[2]", 0, 4))}"#, dataBytes: 4, error: "offsets"),
        Case(
            testDescription: "more bytes than the file has",
            header: #"{"a":\#(tensor("F32", "[1000000]", 0, 4_000_000))}"#, dataBytes: 8,
            error: "offsets"),
        Case(
            testDescription: "an end before the beginning",
            header: #"{"a":\#(tensor("F32", "[1]", 8, 4))}"#, dataBytes: 8, error: "offsets"),
        Case(
            testDescription: "a negative beginning",
            header: #"{"a":\#(tensor("F32", "[1]", -4, 0))}"#, dataBytes: 8, error: "offsets"),
        Case(
            testDescription: "two tensors that overlap",
            header:
                #"{"a":\#(tensor("F32", "[2]", 0, 8)),"b":\#(tensor("F32", "[2]", 4, 12))}"#,
            dataBytes: 12, error: "notContiguous"),
        Case(
            testDescription: "a hole between two tensors",
            header:
                #"{"a":\#(tensor("F32", "[1]", 0, 4)),"b":\#(tensor("F32", "[1]", 8, 12))}"#,
            dataBytes: 12, error: "notContiguous"),
        Case(
            testDescription: "bytes after the last tensor",
            header: #"{"a":\#(tensor("F32", "[1]", 0, 4))}"#, dataBytes: 5,
            error: "trailingBytes"),
    ]

    @Test("a header that breaks a rule is refused when the file is opened", arguments: cases)
    func header(hostile: Case) throws {
        let file = try TemporaryFile()
        try Self.file(header: hostile.header, dataBytes: hostile.dataBytes).write(to: file.url)
        #expect(Self.name(of: Self.error(opening: file.url)) == hostile.error)
    }

    @Test(
        "a header length above the limit or the file is refused without allocating it",
        arguments: [100, 100_000_001, UInt64(Int64.max), UInt64.max])
    func headerLength(length: UInt64) throws {
        let file = try TemporaryFile()
        var bytes = withUnsafeBytes(of: length.littleEndian) { Data($0) }
        bytes.append(Data("{}".utf8))
        try bytes.write(to: file.url)
        guard case .headerLength(_, length, 2) = Self.error(opening: file.url) else {
            Issue.record("the length should be refused")
            return
        }
    }

    @Test("a file cut off anywhere is refused")
    func truncated() throws {
        let whole = try SafetensorsWriter.encode(
            SafetensorsTests.tensors, storage: .float32, metadata: ["a": "b"])
        for length in 0..<whole.count {
            let file = try TemporaryFile()
            try whole.prefix(length).write(to: file.url)
            #expect(Self.error(opening: file.url) != nil, "\(length) of \(whole.count) bytes")
        }
    }

    @Test("a file that shrinks after it was opened is refused by tensor")
    func shrinks() throws {
        let file = try TemporaryFile()
        try SafetensorsWriter.write(["a": Tensor(zeros: [100])], to: file.url)
        let opened = try SafetensorsFile(file.url)
        let handle = try FileHandle(forWritingTo: file.url)
        try handle.truncate(atOffset: 200)
        try handle.close()
        #expect(throws: WeightFileError.truncated(file: opened.path, tensor: "a")) {
            try opened.tensor("a")
        }
    }

    @Test("whole numbers are listed, but not given as floats", arguments: ["I64", "U8", "BOOL"])
    func wholeNumbers(type: String) throws {
        let file = try TemporaryFile()
        let bytes = type == "I64" ? 16 : 2
        let header = #"{"ids":\#(Self.tensor(type, "[2]", 0, bytes))}"#
        try Self.file(header: header, dataBytes: bytes).write(to: file.url)
        let opened = try SafetensorsFile(file.url)
        #expect(opened.names == ["ids"])
        #expect(opened.shape(of: "ids") == [2])
        let storage = try #require(StorageType(rawValue: type))
        let expected = WeightFileError.notFloatingPoint(
            file: opened.path, tensor: "ids", type: storage)
        #expect(throws: expected) { try opened.tensor("ids") }
    }

    @Test("a folder, a missing file and a pipe are no weight files")
    func otherThings() throws {
        let file = try TemporaryFile()
        #expect(Self.name(of: Self.error(opening: file.url)) == "file")
        #expect(Self.name(of: Self.error(opening: file.directory)) == "file")
        #expect(Self.name(of: Self.error(opening: URL(filePath: "/dev/zero"))) == "file")
    }

    static func file(header: String, dataBytes: Int) -> Data {
        let json = Data(header.utf8)
        var bytes = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
        bytes.append(json)
        bytes.append(Data(count: dataBytes))
        return bytes
    }

    static func error(opening url: URL) -> WeightFileError? {
        do throws(WeightFileError) {
            _ = try SafetensorsFile(url)
            return nil
        } catch {
            return error
        }
    }

    static func name(of error: WeightFileError?) -> String {
        error.map { String("\($0)".prefix { $0 != "(" }) } ?? "none"
    }
}

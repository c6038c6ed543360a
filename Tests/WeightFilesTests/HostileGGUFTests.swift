// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import Testing
import WeightFiles

/// Files that break one rule of the format each, made byte by byte.
@Suite struct HostileGGUFTests {
    /// The bytes of a head.
    struct Head {
        var bytes = Array("GGUF".utf8)

        init(version: UInt32 = 3, tensors: UInt64, entries: UInt64) {
            append(version)
            append(tensors)
            append(entries)
        }

        mutating func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
        }

        mutating func append(text: String, length: UInt64? = nil) {
            append(length ?? UInt64(text.utf8.count))
            bytes += Array(text.utf8)
        }

        /// A tensor; lengths innermost first, as they stand in the file.
        mutating func append(
            tensor name: String, _ lengths: [UInt64], format: UInt32 = 0, offset: UInt64 = 0
        ) {
            append(text: name)
            append(UInt32(lengths.count))
            for length in lengths { append(length) }
            append(format)
            append(offset)
        }

        /// The head, filled up, and bytes of elements.
        func file(dataBytes: Int) -> Data {
            let filled = (bytes.count + 31) / 32 * 32
            return Data(bytes + [UInt8](repeating: 0, count: filled - bytes.count + dataBytes))
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Which case of the error is expected, and what it must name.
        var error: String
        var named: String
        var data: Data
    }

    private static func tensors(
        _ description: String, _ error: String, named: String = "a", dataBytes: Int = 64,
        _ tensors: [(String, [UInt64], UInt32, UInt64)]
    ) -> Case {
        var head = Head(tensors: UInt64(tensors.count), entries: 0)
        for (name, lengths, format, offset) in tensors {
            head.append(tensor: name, lengths, format: format, offset: offset)
        }
        return Case(
            testDescription: description, error: error, named: named,
            data: head.file(dataBytes: dataBytes))
    }

    private static func entry(
        _ description: String, _ error: String, named: String, _ bytes: (inout Head) -> Void
    ) -> Case {
        var head = Head(tensors: 0, entries: 1)
        bytes(&head)
        return Case(
            testDescription: description, error: error, named: named,
            data: head.file(dataBytes: 64))
    }

    static let cases: [Case] = [
        Case(
            testDescription: "another magic", error: "header", named: "magic",
            data: Data("GGML".utf8) + Data(count: 60)),
        Case(
            testDescription: "version 1", error: "ggufVersion", named: "found: 1",
            data: Head(version: 1, tensors: 0, entries: 0).file(dataBytes: 0)),
        Case(
            testDescription: "2^63 tensors", error: "header", named: "tensor_count",
            data: Head(tensors: 1 << 63, entries: 0).file(dataBytes: 0)),
        Case(
            testDescription: "2^64 - 1 entries", error: "header", named: "metadata_kv_count",
            data: Head(tensors: 0, entries: .max).file(dataBytes: 0)),
        Case(
            testDescription: "more tensors than the file has bytes for", error: "header",
            named: "tensor_count", data: Head(tensors: 1000, entries: 0).file(dataBytes: 64)),
        tensors(
            "two tensors that overlap", "notContiguous", named: "b",
            [("a", [8], 0, 0), ("b", [8], 0, 0)]),
        tensors("a name that stands twice", "duplicate", [("a", [8], 0, 0), ("a", [8], 0, 32)]),
        tensors("more bytes than the file has", "offsets", [("a", [1024], 0, 0)]),
        tensors("an offset beyond the file", "offsets", [("a", [8], 0, 1 << 40)]),
        tensors("an offset of 2^63", "header", [("a", [8], 0, 1 << 63)]),
        tensors("an offset that is not aligned", "offsets", [("a", [8], 0, 4)]),
        tensors("no dimensions", "header", [("a", [], 0, 0)]),
        tensors("five dimensions", "header", [("a", [1, 1, 1, 1, 1], 0, 0)]),
        tensors("a length of 0", "shape", [("a", [8, 0], 0, 0)]),
        tensors("lengths whose product overflows", "shape", [("a", [1 << 32, 1 << 32], 0, 0)]),
        tensors("a length of 2^63", "header", [("a", [1 << 63], 0, 0)]),
        tensors("rows that are not whole blocks", "shape", [("a", [33], 8, 0)]),
        tensors("a type that nobody knows", "unknownType", [("a", [8], 99, 0)]),
        entry("a key longer than the file", "header", named: "metadata[0]") {
            $0.append(text: "k", length: 1 << 62)
        },
        entry("a type of value that nobody knows", "header", named: "k") {
            $0.append(text: "k")
            $0.append(UInt32(77))
        },
        entry("a list longer than the file", "header", named: "k") {
            $0.append(text: "k")
            $0.append(UInt32(9))
            $0.append(UInt32(4))
            $0.append(UInt64.max)
        },
        entry("a list of lists", "header", named: "k") {
            $0.append(text: "k")
            $0.append(UInt32(9))
            $0.append(UInt32(9))
            $0.append(UInt64(1))
        },
        entry("an alignment that is a text", "header", named: "general.alignment") {
            $0.append(text: "general.alignment")
            $0.append(UInt32(8))
            $0.append(text: "32")
        },
        entry("an alignment of 0", "header", named: "general.alignment") {
            $0.append(text: "general.alignment")
            $0.append(UInt32(4))
            $0.append(UInt32(0))
        },
        entry("a number beyond 2^63", "header", named: "k") {
            $0.append(text: "k")
            $0.append(UInt32(10))
            $0.append(UInt64.max)
        },
    ]

    @Test("a head that breaks a rule is refused, by the name of what breaks it", arguments: cases)
    func head(hostile: Case) throws {
        let file = try TemporaryFile("x.gguf")
        try hostile.data.write(to: file.url)
        let error = try #require(Self.error(opening: file.url))
        #expect("\(error)".hasPrefix(hostile.error + "("))
        #expect("\(error)".contains("x.gguf"))
        #expect("\(error)".contains(hostile.named))
    }

    @Test("a key that stands twice is refused")
    func keyTwice() throws {
        var head = Head(tensors: 0, entries: 2)
        for _ in 0..<2 {
            head.append(text: "k")
            head.append(UInt32(7))
            head.append(UInt8(1))
        }
        let file = try TemporaryFile("x.gguf")
        try head.file(dataBytes: 0).write(to: file.url)
        guard case .duplicate(_, "k") = Self.error(opening: file.url) else {
            Issue.record("the key should be refused")
            return
        }
    }

    @Test("a file cut off anywhere is refused")
    func truncated() throws {
        let file = try TemporaryFile("x.gguf")
        try GGUFWriterTests.write(to: file.url)
        let whole = try Data(contentsOf: file.url)
        // What the writer puts after the last element is no part of it.
        let needed = whole.count - (whole.count - (2 * 3 * 34)) % 32
        for length in 0..<needed {
            try whole.prefix(length).write(to: file.url)
            #expect(Self.error(opening: file.url) != nil, "\(length) of \(whole.count) bytes")
        }
    }

    @Test("what is no number is read as such, and comes to no harm")
    func noNumbers() throws {
        let file = try TemporaryFile("x.gguf")
        try GGUFWriter.write(
            metadata: [("a", .number(.nan)), ("b", .number(.infinity))],
            tensors: [PlannedTensor(name: "t", shape: [2], format: .float32)], to: file.url
        ) { try $0.append([.nan, .infinity]) }
        #expect(try GGUFFile(file.url).tensor("t").values[0].isNaN)
    }

    private static func error(opening url: URL) -> WeightFileError? {
        do throws(WeightFileError) {
            _ = try GGUFFile(url)
            return nil
        } catch {
            return error
        }
    }
}

@Suite struct DuplicateNameTests {
    @Test(
        "a tensor that stands twice in a header is refused, however it is written",
        arguments: [#""a""#, #""\u0061""#])
    func header(second: String) throws {
        let tensor = #"{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#
        let file = try TemporaryFile()
        try HostileSafetensorsTests.file(
            header: #"{"a":\#(tensor),\#(second):\#(tensor)}"#, dataBytes: 1
        ).write(to: file.url)
        guard case .duplicate(_, "a") = HostileSafetensorsTests.error(opening: file.url) else {
            Issue.record("the name should be refused")
            return
        }
    }

    @Test("a field of a configuration that stands twice is refused, in any object")
    func configuration() {
        for (json, field) in [
            (#"{"a":1,"a":2}"#, "a"), (#"{"b":{"c":1,"d":[{"e":0}],"c":2}}"#, "c"),
        ] {
            #expect(throws: ModelConfigurationError.duplicate(file: "c", field: field)) {
                try ConfigurationFields(json: Data(json.utf8), name: "c")
            }
        }
        #expect(throws: Never.self) {
            try ConfigurationFields(
                json: Data(#"{"a":"a","b":["a","a",{"a":1},{"a":1}],"c":"\"a\""}"#.utf8),
                name: "c")
        }
    }

    @Test("deep nesting is refused without recursion", arguments: ["[", #"{"a":"#])
    func depth(opening: String) {
        let json = Data(String(repeating: opening, count: 300_000).utf8)
        let error = #expect(throws: ModelConfigurationError.self) {
            try ConfigurationFields(json: json, name: "c")
        }
        guard case .notJSON("c", _?) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("an index that names a tensor twice, or no files of its folder, is refused")
    func index() throws {
        let file = try TemporaryFile("model.safetensors.index.json")
        for (map, expected) in [
            (#"{"a":"x","a":"y"}"#, "duplicate"), (#"{"a":"../x"}"#, "shardName"),
            (#"{"a":"/etc/passwd"}"#, "shardName"), (#"{"a":".."}"#, "shardName"),
            (#"{"a":"gone.safetensors"}"#, "file"), (#"{"a":3}"#, "header"), ("3", "header"),
        ] {
            try Data(#"{"weight_map":\#(map)}"#.utf8).write(to: file.url)
            let found: String
            do {
                _ = try SafetensorsFolder(file.directory)
                found = "none"
            } catch { found = HostileSafetensorsTests.name(of: error) }
            #expect(found == expected, "\(map)")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONFiles
import Testing

/// What a reader of fictional files throws.
private enum FileFault: JSONFieldError, Equatable {
    case malformed(file: String, field: String)
    case missing(file: String, field: String)
    case duplicate(file: String, field: String)
    case unsupported(file: String, field: String, value: String)
    case tooLarge(file: String, field: String, count: Int, limit: Int)
}

@Suite("Fields of JSON files")
struct JSONFieldTests {
    private func field(
        _ text: String, namesOnce: Bool = false
    ) throws(FileFault) -> JSONField<FileFault> {
        try JSONField(parsing: Array(text.utf8), namesOnce: namesOnce, file: "f")
    }

    @Test("a fault names the file and the path that leads to the value")
    func paths() throws {
        let root = try field(#"{"model":{"vocab":[["a",1],["b"]],"size":"big"}}"#)
        let model = try root.required("model")
        let second = try model.required("vocab").elements()[1]
        #expect(second.path == "model.vocab[1]")
        #expect(throws: FileFault.malformed(file: "f", field: "model.size")) {
            try model.integer("size")
        }
        #expect(throws: FileFault.missing(file: "f", field: "model.name")) {
            try model.required("name")
        }
        #expect(throws: FileFault.malformed(file: "f", field: "model.vocab[1]")) {
            try second.string()
        }
    }

    @Test("null counts as absent, and zero does not")
    func absence() throws {
        let root = try field(#"{"a":null,"b":0}"#)
        #expect(try root.integer("a") == nil)
        #expect(try root.integer("c") == nil)
        #expect(try root.integer("b") == 0)
        #expect(!root.has("a"))
        #expect(root.has("b"))
    }

    @Test("numbers, strings and flags are not taken for each other")
    func types() throws {
        let root = try field(#"{"n":1,"p":2.0,"x":1.5,"s":"1","b":true,"big":1e999}"#)
        #expect(try root.integer("n") == 1)
        #expect(try root.integer("p") == 2)
        #expect(try root.number("n") == 1)
        for (name, read) in [
            ("x", { _ = try root.integer($0) }), ("s", { _ = try root.integer($0) }),
            ("b", { _ = try root.number($0) }), ("n", { _ = try root.bool($0) }),
            ("n", { _ = try root.string($0) }), ("big", { _ = try root.number($0) }),
            ("n", { _ = try root.object($0) }), ("n", { _ = try root.strings($0) }),
        ] as [(String, (String) throws -> Void)] {
            #expect(throws: FileFault.malformed(file: "f", field: name)) { try read(name) }
        }
    }

    @Test("a list with one wrong element is wrong as a whole")
    func lists() throws {
        let root = try field(#"{"good":["a","b"],"bad":["a",1],"one":3,"many":[3,4]}"#)
        #expect(try root.strings("good") == ["a", "b"])
        #expect(try root.integers("one") == [3])
        #expect(try root.integers("many") == [3, 4])
        #expect(throws: FileFault.malformed(file: "f", field: "bad")) { try root.strings("bad") }
    }

    @Test("a member that nobody knows, and one that stands twice, are refused")
    func allowed() throws {
        #expect(throws: FileFault.unsupported(file: "f", field: "b", value: "set")) {
            try field(#"{"a":1,"b":2}"#).allow(only: ["a"])
        }
        #expect(throws: FileFault.duplicate(file: "f", field: "a")) {
            try field(#"{"a":1,"a":2}"#).allow(only: ["a"])
        }
    }

    @Test(
        "with names once, two ways to write a name are the same name", arguments: ["a", "\\u0061"])
    func namesOnce(second: String) throws {
        let text = #"{"b":[{"a":1,"\#(second)":2}]}"#
        #expect(throws: FileFault.duplicate(file: "f", field: "a")) {
            try field(text, namesOnce: true)
        }
        #expect(throws: Never.self) { try field(text) }
    }
}

@Suite("JSON values")
struct JSONValueTests {
    private func value(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8))
    }

    @Test("members keep their order, and か with a voicing mark is not が")
    func order() throws {
        let parsed = try value("{\"か\u{3099}\":1,\"が\":2,\"a\":3}")
        guard case .object(let members) = parsed else {
            Issue.record("an object")
            return
        }
        #expect(members.map { $0.name.unicodeScalars.count } == [2, 1, 1])
        #expect(members.map(\.value) == [1, 2, 3])
    }

    @Test(
        "what is not JSON is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\"}", "{a:1}", "01", "1.", "+1", "nul", "\"\\x\"", "\"\u{1}\"",
            "\"\\ud800\"", "\"\\udc00\\ud800\"", "1 2", "NaN", "[1}", "\"a",
        ])
    func malformed(text: String) {
        #expect(throws: JSONSyntaxError.malformed) { try value(text) }
    }

    @Test("bytes that are no UTF-8 are refused inside a string")
    func encoding() {
        #expect(throws: JSONSyntaxError.malformed) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test("deep nesting is refused without recursion", arguments: ["[", #"{"a":"#])
    func depth(opening: String) {
        let text = String(repeating: opening, count: 300_000)
        #expect(throws: JSONSyntaxError.malformed) { try value(text) }
    }

    @Test("whole numbers are told from others, as long as an integer holds them")
    func numbers() throws {
        #expect(
            try value("[1,-2,1.0,1e2,9223372036854775808]") == [
                1, -2, .number(1), .number(100), .number(9_223_372_036_854_775_808),
            ])
    }

    @Test("escapes are undone, and a pair of surrogates is one scalar")
    func escapes() throws {
        #expect(try value(#""\u3042\ud842\udfb7\n\/\"""#) == .string("あ𠮷\n/\""))
    }

    @Test("what is written is read back as it was")
    func writing() throws {
        let original: JSONValue = [
            "文": "a\"b\\c\nd\u{1}\u{7F}\u{2028}", "numbers": [1, -3, .number(1e-5), .number(-0.5)],
            "empty": [[:], [], nil, true, false],
        ]
        #expect(try value(original.text) == original)
    }

    @Test("members are written in their order, on one line, with the field's escapes")
    func form() {
        let written: JSONValue = ["b": [1, .number(-2)], "a": ["x\n": "\t\"\\/"], "n": nil]
        #expect(written.text == #"{"b":[1,-2.0],"a":{"x\n":"\u0009\"\\/"},"n":null}"#)
    }

    @Test("a value inside another goes through Foundation's coders unchanged")
    func coding() throws {
        struct Manifest: Codable, Equatable {
            var settings: JSONValue
        }
        let manifest = Manifest(settings: [
            "a": [nil, true, 3, .number(0.25), "x/y"], "b": ["c": [:]],
        ])
        let json = try JSONEncoder.sorted().encode(manifest)
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"settings":{"a":[null,true,3,0.25,"x/y"],"b":{"c":{}}}}"#)
        #expect(try JSONDecoder().decode(Manifest.self, from: json) == manifest)
    }
}

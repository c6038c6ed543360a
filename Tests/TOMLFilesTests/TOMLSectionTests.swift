// SPDX-License-Identifier: Apache-2.0
import TOMLFiles
import Testing

/// What a reader of fictional files throws.
private struct FileFault: TOMLFileError, Equatable {
    let fault: TOMLFault
    let file: String

    init(_ fault: TOMLFault, in file: String) { (self.fault, self.file) = (fault, file) }
}

private enum Colour: String, CaseIterable { case red, green }

@Suite("Sections of TOML files")
struct TOMLSectionTests {
    private func top(_ text: String) throws(FileFault) -> TOMLSection<FileFault> {
        try TOMLSection(text: text, file: "f.toml")
    }

    private func fault(_ body: () throws -> Void) -> TOMLFault? {
        (#expect(throws: FileFault.self, performing: body))?.fault
    }

    @Test("a key that nobody knows is told with the known one that is spelt most like it")
    func unknown() throws {
        let inner = try top("[spool]\ndirectry = 1").required("spool")
        #expect(
            fault { try inner.allow("directory", "settle") }
                == .unknownKey("spool.directry", nearest: "directory"))
        #expect(
            fault { try inner.allow("settle") } == .unknownKey("spool.directry", nearest: nil))
        #expect(throws: Never.self) { try inner.allow("directry") }
    }

    @Test("values have defaults, and without one must be there")
    func defaults() throws {
        let section = try top("a = 1")
        #expect(try section.integer("b", in: 0...9, default: 7) == 7)
        #expect(try section.strings("b").isEmpty)
        #expect(try section.section("b") == nil)
        #expect(fault { _ = try section.string("b") } == .missingKey("b"))
        #expect(fault { _ = try section.required("b") } == .missingKey("b"))
        #expect(fault { _ = try section.names("b") } == .missingKey("b"))
    }

    @Test("strings and whole numbers stand alone or in a list, in their order")
    func namesOrNumbers() throws {
        let section = try top("a = \"x\"\nb = 3\nc = [2, \"y\"]\nd = [1.5]\ne = true\n")
        #expect(try section.namesOrNumbers("a") == [.text("x")])
        #expect(try section.namesOrNumbers("b") == [.number(3)])
        #expect(try section.namesOrNumbers("c") == [.number(2), .text("y")])
        #expect(fault { _ = try section.namesOrNumbers("f") } == .missingKey("f"))
        for key in ["d", "e"] {
            guard case .wrongType? = fault({ _ = try section.namesOrNumbers(key) }) else {
                Issue.record("\(key) was read")
                continue
            }
        }
    }

    @Test("a value of another type says what is wanted and what is there")
    func types() throws {
        let section = try top("a = 1.5\nb = \"x\"\nc = [1]\nd = true\n")
        #expect(
            fault { _ = try section.integer("a", in: 0...9) }
                == .wrongType(
                    key: "a", type: "an integer", expected: "a whole number from 0 to 9",
                    found: "a number"))
        for read in [
            { _ = try section.number("b", in: 0...1) }, { _ = try section.string("c") },
            { _ = try section.strings("c") }, { _ = try section.bool("b", default: true) },
            { _ = try section.section("d") }, { _ = try section.sections("d") },
        ] as [() throws -> Void] {
            guard case .wrongType? = fault(read) else {
                Issue.record("a wrong type")
                continue
            }
        }
    }

    @Test("a number out of range, and a word that is none of a type's, say what is allowed")
    func ranges() throws {
        let section = try top("a = 12\nx = nan\nc = \"blue\"\nw = [\"red\", \"rot\"]")
        #expect(
            fault { _ = try section.integer("a", in: 0...9) }
                == .outOfRange(
                    key: "a", value: "12", allowed: "0 to 9",
                    expected: "a whole number from 0 to 9"))
        guard case .outOfRange? = fault({ _ = try section.number("x", in: 0...1) }) else {
            Issue.record("nan is in no range")
            return
        }
        let colour = TOMLFault.outOfRange(
            key: "c", value: "\"blue\"", allowed: "red, green", expected: "red or green")
        #expect(fault { _ = try section.choice("c", default: Colour.red) } == colour)
        guard
            case .outOfRange("w", "\"rot\"", _, _)? = fault({
                _ = try section.choices("w", default: [Colour.red])
            })
        else {
            Issue.record("a word of the list is wrong")
            return
        }
    }

    @Test("one name, or a list of them, and tables in arrays with their places")
    func lists() throws {
        let section = try top("one = \"a\"\nmany = [\"a\", \"b\"]\n[[t]]\nx = 1\n[[t]]\ny = 2")
        #expect(try section.names("one") == ["a"])
        #expect(try section.names("many") == ["a", "b"])
        #expect(try section.sections("t").map(\.path) == ["t[0]", "t[1]"])
        #expect(
            fault { _ = try section.sections("t")[1].string("x") } == .missingKey("t[1].x"))
    }

    @Test("text that is no TOML names line and column")
    func syntax() {
        guard case .syntax(2, let column, _)? = fault({ _ = try top("a = 1\nx = = 3\n") }) else {
            Issue.record("a fault of syntax")
            return
        }
        #expect(column > 1)
    }

    @Test(
        "the nearest word needs the fewest changes, and none is near that needs many",
        arguments: [
            ("steps", "step"), ("setps", "steps"), ("batchrows", "batch_rows"), ("zzz", nil),
        ])
    func spelling(word: String, nearest: String?) {
        let known = ["step", "steps", "batch_rows"].filter { $0 != word }
        #expect(Spelling.nearest(to: word, among: known) == nearest)
    }

    @Test(
        "What toml++ would not survive is refused",
        arguments: [
            "\u{FEFF}[=]", "a = 2026-01-0 = 1", "a = 03:0", "[", "[[", "[あ]", "[=]", "[ \t= \"a\"]",
            "[[= a]]", "a = 1\r\n[あ]", "[a]\n  [\n",
            "a = 2026-01-02T)3:04", "a = [2026-01-02t]", "a = [}", "a = [\n1, [{b = 1}, }",
        ])
    func traps(text: String) {
        #expect(throws: FileFault.self) {
            try TOMLSection<FileFault>(text: text, file: "a.toml")
        }
    }

    @Test("Brackets in strings, comments and values are no headers")
    func brackets() throws {
        let text = """
            # [= comment
            a = [
            [ 1 ], # [=
            [
            ]]
            b = '[=' # [あ
            c = \"\"\"
            [= \\
            \"\"\"\"
            d = '''
            [あ''''
            2026-01-02Tx = 1 # 2026-01-02T
            e = { f = [ "[=" ] }
            [ "あ" ]
            [[ 'g' ]]
            [-h]
            """
        let section = try TOMLSection<FileFault>(text: text, file: "a.toml")
        #expect(section.keys.sorted() == ["-h", "2026-01-02Tx", "a", "b", "c", "d", "e", "g", "あ"])
    }
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import XMLFiles

private func tree(_ text: String, limits: XMLLimits = XMLLimits()) throws(XMLSyntaxError) -> XMLTree
{
    try XMLTree(parsing: Array(text.utf8), limits: limits)
}

private func error(_ text: String, limits: XMLLimits = XMLLimits()) -> XMLSyntaxError? {
    do throws(XMLSyntaxError) {
        _ = try tree(text, limits: limits)
        return nil
    } catch { return error }
}

@Suite("XML as a tree")
struct XMLTreeTests {
    @Test("elements, attributes and text come in their order, with namespaces for prefixes")
    func order() throws {
        let root = try tree(
            """
            <?xml version="1.0" encoding="Shift_JIS"?>
            <!-- a comment --><?style sheet?>
            <d xmlns="urn:a" xmlns:b="urn:b" x="1" b:y="2&amp;3">頭<e/>尾&#x3042;<![CDATA[<&>]]><!-- --><b:e>中</b:e></d>
            """
        ).root
        #expect(root.name == "d")
        #expect(root.namespace == "urn:a")
        #expect(root.attribute("x") == "1")
        #expect(root.attribute("y") == nil)
        #expect(root.attributes[1].namespace == "urn:b")
        #expect(root.attributes[1].value == "2&3")
        #expect(root.children.count == 4)
        #expect(root.text == "頭尾あ<&>中")
        #expect(root.all("e").count == 1)
        guard case .element(let last) = root.children[3] else {
            Issue.record("the last child is text")
            return
        }
        #expect(last.namespace == "urn:b")
        #expect(last.first(at: "e") == nil)
    }

    @Test("a path leads to the first element of each name")
    func path() throws {
        let root = try tree("<a><b><c v='1'/><c v='2'/></b><b/></a>").root
        #expect(root.first(at: "b", "c")?.attribute("v") == "1")
        #expect(root.first(at: "b", "d") == nil)
        #expect(root.namespace == nil)
    }

    @Test(
        "a document type declaration is refused before anything in it counts, with or without entities",
        .timeLimit(.minutes(15)))
    func declaration() {
        #expect(error("<!DOCTYPE a><a/>") == .declaration(byteOffset: 11))
        #expect(
            error("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>")
                == .declaration(byteOffset: 12))
        var bomb = "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY a0 'xxxxxxxxxx'>"
        for level in 1...30 {
            let reference = "&a\(level - 1);"
            bomb += "<!ENTITY a\(level) '\(String(repeating: reference, count: 10))'>"
        }
        #expect(error(bomb + "]><a>&a30;</a>") == .declaration(byteOffset: 34))
    }

    @Test(
        "what is not well-formed is refused with its place",
        arguments: [
            ("<a>", 3), ("<a></b>", 5), ("<a/><b/>", 4), ("<a>&nbsp;</a>", 3), ("", 0),
            ("<a b='1' b='2'/>", 9), ("<a>\u{1}</a>", 3), ("<p:a/>", 0), ("<a>]]></a>", 3),
        ])
    func malformed(text: String, offset: Int) {
        guard case .malformed(_, let found) = error(text) else {
            Issue.record("\(text) was read")
            return
        }
        #expect(abs(found - offset) <= 2, "\(text): \(found)")
    }

    @Test("bytes that are no UTF-8 are refused, whatever the declaration says")
    func notUTF8() {
        #expect(throws: XMLSyntaxError.self) {
            try XMLTree(
                parsing: Array("<?xml version='1.0' encoding='Shift_JIS'?><a>".utf8)
                    + [0x82, 0xA0] + Array("</a>".utf8))
        }
    }

    @Test("each limit holds, and what is just within it is read")
    func limits() throws {
        let deep = { (levels: Int) in
            String(repeating: "<a>", count: levels) + String(repeating: "</a>", count: levels)
        }
        _ = try tree(deep(100))
        #expect(error(deep(101)) == .tooDeep(limit: 100))
        #expect(error(String(repeating: "<a>", count: 1_000_000)) == .tooDeep(limit: 100))

        let few = XMLLimits(maximumBytes: 60, maximumElements: 3, maximumAttributes: 2)
        _ = try tree("<a><b/><b x='=' y=\">=\"/></a>", limits: few)
        #expect(error("<a><b/><b/><b/></a>", limits: few) == .tooManyElements(limit: 3))
        #expect(error("<a x='' y='' z=''/>", limits: few) == .tooManyAttributes(limit: 2))
        #expect(
            error("<a>" + String(repeating: "x", count: 60), limits: few)
                == .tooLarge(bytes: 63, limit: 60))
        _ = try tree("<a><!-- = = = > --><![CDATA[= = = >]]>= = =</a>", limits: few)
    }

    @Test("a namespace that is very long is refused at the first name that has it")
    func longNames() {
        let long = String(repeating: "n", count: 3000)
        let name = error("<a xmlns='\(long)'><b/></a>")
        #expect(name == .nameTooLong(byteOffset: 0))
        #expect(error("<\(long)/>") == .nameTooLong(byteOffset: 0))
    }

    @Test(
        "a million attributes or tags without an end take no time to speak of",
        .timeLimit(.minutes(15)))
    func linear() {
        let many = (0..<30_000).map { " a\($0)=''" }.joined()
        #expect(error("<a\(many)/>") == .tooManyAttributes(limit: 200))
        #expect(error(String(repeating: "<!--", count: 50_000)) != nil)
        #expect(error("<a>" + String(repeating: "<![CDATA[", count: 30_000)) != nil)
        #expect(error("<a>" + String(repeating: "<b c='", count: 30_000)) != nil)
    }

    @Test("changed and cut documents are read or refused, and never more than they hold")
    func mutations() {
        var numbers = SeededNumbers(seed: 15)
        let sample = Array(
            "<?xml version='1.0'?><a xmlns:b='urn:b' c='d&lt;'>所見<b:e f=\"1\">x</b:e><![CDATA[y]]></a>"
                .utf8)
        for _ in 0..<5000 {
            var bytes = sample
            for _ in 0...numbers.number(below: 3) {
                bytes[numbers.number(below: bytes.count)] = UInt8(numbers.number(below: 256))
            }
            bytes.removeLast(numbers.number(below: 4) == 0 ? numbers.number(below: bytes.count) : 0)
            if let tree = try? XMLTree(parsing: bytes) {
                #expect(tree.root.text.utf8.count <= bytes.count)
            }
        }
    }
}

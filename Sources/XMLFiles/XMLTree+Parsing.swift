// SPDX-License-Identifier: Apache-2.0
import CExpat
import Glibc

extension XMLTree {
    /// Parses a whole document in UTF-8, whatever its declaration says of its encoding.
    ///
    /// It is read once from left to right by expat, which gives up at the first thing that is wrong or too
    /// much; a document type declaration is refused at its name.
    package init(
        parsing utf8: [UInt8], limits: XMLLimits = XMLLimits()
    ) throws(XMLSyntaxError) {
        let limit = min(limits.maximumBytes, Int(Int32.max))
        guard utf8.count <= limit else { throw .tooLarge(bytes: utf8.count, limit: limit) }
        // expat would have all attributes of an element in memory before it tells of any.
        guard AttributeCount.largest(in: utf8) <= limits.maximumAttributes else {
            throw .tooManyAttributes(limit: limits.maximumAttributes)
        }
        root = try TreeBuilder(limits: limits).root(of: utf8)
    }
}

/// Puts the tree together while expat reads.
private final class TreeBuilder {
    private let limits: XMLLimits
    private var parser: XML_Parser?
    private var open: [XMLTree.Element] = []
    private var root: XMLTree.Element?
    private var text: [UInt8] = []
    private var elements = 0
    private var attributes = 0
    private var failure: XMLSyntaxError?
    private var lastNamespace = ""
    private var lastNamespaceBytes: [UInt8] = []

    /// No namespace has this character, and no name.
    private static let separator = UInt8(ascii: "\n")
    private static let longestName = 2048

    init(limits: XMLLimits) { self.limits = limits }

    func root(of utf8: [UInt8]) throws(XMLSyntaxError) -> XMLTree.Element {
        guard let parser = XML_ParserCreateNS("UTF-8", XML_Char(Self.separator)) else {
            throw .malformed("expat found no memory", byteOffset: 0)
        }
        self.parser = parser
        defer {
            XML_ParserFree(parser)
            self.parser = nil
        }
        setHandlers(of: parser)
        let status = utf8.withUnsafeBytes { bytes in
            XML_Parse(
                parser, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), 1)
        }
        if let failure { throw failure }
        guard status == XML_STATUS_OK, let root else {
            let code = XML_GetErrorCode(parser)
            let words =
                XML_ErrorString(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
            throw .malformed(words, byteOffset: max(0, place))
        }
        return root
    }

    private var place: Int { parser.map { Int(XML_GetCurrentByteIndex($0)) } ?? 0 }

    /// The handlers get this object, which lives as long as the parse, and capture nothing.
    private func setHandlers(of parser: XML_Parser) {
        XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in
                guard let data, let name else { return }
                Unmanaged<TreeBuilder>.fromOpaque(data).takeUnretainedValue()
                    .begin(name, attributes)
            },
            { data, _ in
                guard let data else { return }
                Unmanaged<TreeBuilder>.fromOpaque(data).takeUnretainedValue().end()
            })
        XML_SetCharacterDataHandler(parser) { data, characters, count in
            guard let data, let characters, count > 0 else { return }
            let builder = Unmanaged<TreeBuilder>.fromOpaque(data).takeUnretainedValue()
            builder.append(UnsafeRawBufferPointer(start: characters, count: Int(count)))
        }
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
            guard let data else { return }
            let builder = Unmanaged<TreeBuilder>.fromOpaque(data).takeUnretainedValue()
            builder.stop(.declaration(byteOffset: builder.place))
        }
    }

    private func stop(_ reason: XMLSyntaxError) {
        guard failure == nil else { return }
        failure = reason
        XML_StopParser(parser, XML_Bool(0))
    }

    private func begin(
        _ name: UnsafePointer<XML_Char>,
        _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        guard failure == nil else { return }
        elements += 1
        guard elements <= limits.maximumElements else {
            return stop(.tooManyElements(limit: limits.maximumElements))
        }
        guard open.count < limits.maximumDepth else {
            return stop(.tooDeep(limit: limits.maximumDepth))
        }
        flushText()
        guard let (namespace, local) = parts(of: name), let list = values(of: attributes) else {
            return stop(.nameTooLong(byteOffset: place))
        }
        self.attributes += list.count
        guard self.attributes / 10 <= limits.maximumElements else {
            return stop(.tooManyElements(limit: limits.maximumElements))
        }
        open.append(XMLTree.Element(name: local, namespace: namespace, attributes: list))
    }

    /// The attributes of expat's list of names and values, which ends in nil; nil for a name too long.
    private func values(
        of list: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) -> [XMLTree.Attribute]? {
        guard var next = list else { return [] }
        var result: [XMLTree.Attribute] = []
        while let name = next[0], let value = next[1] {
            guard let (namespace, local) = parts(of: name) else { return nil }
            result.append(
                XMLTree.Attribute(
                    name: local, namespace: namespace, value: String(cString: value)))
            next += 2
        }
        return result
    }

    /// Namespace and local name; nil where they are longer than any is.
    ///
    /// A namespace of a megabyte, named by each of many elements, would take time without end.
    private func parts(of name: UnsafePointer<XML_Char>) -> (String?, String)? {
        let length = strnlen(name, Self.longestName + 1)
        guard length <= Self.longestName else { return nil }
        let bytes = UnsafeRawBufferPointer(start: name, count: length)
        guard let end = bytes.lastIndex(of: Self.separator) else {
            return (nil, String(decoding: bytes, as: UTF8.self))
        }
        // One copy of a namespace for all that have it.
        if !bytes[..<end].elementsEqual(lastNamespaceBytes) {
            lastNamespaceBytes = Array(bytes[..<end])
            lastNamespace = String(decoding: lastNamespaceBytes, as: UTF8.self)
        }
        let local = UnsafeRawBufferPointer(rebasing: bytes[(end + 1)...])
        return (lastNamespace, String(decoding: local, as: UTF8.self))
    }

    private func end() {
        guard failure == nil else { return }
        flushText()
        guard let element = open.popLast() else { return }
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].children.append(.element(element))
        }
    }

    private func append(_ characters: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        text.append(contentsOf: characters)
    }

    private func flushText() {
        guard !text.isEmpty else { return }
        if !open.isEmpty {
            // What expat gives is valid.
            let text = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
            open[open.count - 1].children.append(.text(text))
        }
        text.removeAll(keepingCapacity: true)
    }
}

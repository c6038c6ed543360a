// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles

/// A value of type ED, a file within a message, or RP, a pointer to one, which is never followed.
struct HL7EncapsulatedData {
    let segment: HL7Segment
    /// In lower case, such as `application/pdf`.
    let mediaType: String
    let title: String?
    /// The bytes; nil where there are none or they cannot be had.
    let bytes: [UInt8]?
    /// Why there are no bytes.
    let fault: String?

    /// Reads OBX-5; throws `tooMuch` for more bytes than an attachment may have, before they are decoded.
    init(_ segment: HL7Segment, _ limits: IntakeLimits) throws(IntakeError) {
        self.segment = segment
        let value = segment.field(5)
        title = segment.named(3)
        func part(_ number: Int) -> String? {
            segment.value(of: segment.component(number, of: value))
        }
        guard segment.value(2)?.uppercased() == "ED" else {
            mediaType = Self.mediaType(part(3), part(4))
            (bytes, fault) = (nil, "it is a reference, which is never followed")
            return
        }
        mediaType = Self.mediaType(part(2), part(3))
        let coding = part(4)?.uppercased().filter { $0 != "-" } ?? ""
        let content = Self.content(of: value, segment.delimiters.component)
        guard !content.isEmpty else {
            (bytes, fault) = (nil, "it is empty")
            return
        }
        let limit = limits.maximumAttachmentBytes
        guard content.count / 4 * 3 <= limit else {
            throw .hl7(.tooMuch(of: "bytes of an attachment in OBX-5", limit: limit))
        }
        switch coding {
        case "BASE64": bytes = Self.base64(segment, content)
        case "HEX": bytes = Self.hexadecimal(content)
        case "A", "ASCII", "8BIT", "":
            let text = HL7Escapes(segment.delimiters, segment.encoding)
            bytes = Array(try text.text(of: content, field: "OBX-5").utf8)
        default: bytes = nil
        }
        fault = bytes == nil ? "its coding is not known, or it is not valid in it" : nil
    }

    /// It as the document's attachment.
    func attachment(refusal: String?) -> DocumentAttachment {
        DocumentAttachment(
            mediaType: mediaType, title: title, byteCount: bytes?.count,
            sha256: bytes.map { ContentDigest(of: $0).hexadecimal }, refusal: fault ?? refusal)
    }

    /// How likely it is to be the text of a report: the plainer the better; nil for what is none.
    var rank: Int? {
        guard bytes != nil else { return nil }
        return Self.ranks.firstIndex { $0.contains(mediaType) }
    }

    private static let ranks: [Set<String>] = [
        ["text/plain"], ["text/html", "application/xhtml+xml"], ["text/rtf", "application/rtf"],
        [
            "text/xml", "application/xml", "application/hl7-sda+xml", "text/x-hl7-text+xml",
            "application/x-hl7-cda-level-one", "text/x-hl7-cda-level-one", "application/cda+xml",
        ],
        ["application/pdf"],
    ]

    /// The media type of two fields, which some senders fill with a whole type (`text^text/xml`) or with
    /// codes of table 0191.
    private static func mediaType(_ type: String?, _ subtype: String?) -> String {
        let subtype = subtype?.lowercased() ?? ""
        if subtype.contains("/") { return subtype }
        let type = type?.lowercased() ?? ""
        if subtype.isEmpty, let whole = short[type] { return whole }
        let whole: String =
            switch type {
            case _ where type.contains("/"): type
            case "ap", "": subtype == "plain" || subtype == "html" ? "text" : "application"
            case "im", "si", "ns": "image"
            case "tx", "ft": "text"
            case "au": "audio"
            default: type
            }
        if whole.contains("/") { return whole }
        return whole + "/"
            + (subtype.isEmpty ? whole == "text" ? "plain" : "octet-stream" : subtype)
    }

    /// What some senders write instead of a type and a subtype.
    private static let short = [
        "pdf": "application/pdf", "rtf": "application/rtf", "html": "text/html", "xml": "text/xml",
        "plain": "text/plain", "txt": "text/plain", "jpeg": "image/jpeg", "jpg": "image/jpeg",
    ]

    /// All from the fifth component on: data that is not coded may hold separators.
    private static func content(
        of value: ArraySlice<UInt8>, _ separator: UInt8
    ) -> ArraySlice<UInt8> {
        var left = 4
        for (index, byte) in zip(value.indices, value) where byte == separator {
            left -= 1
            if left == 0 { return value[(index + 1)...] }
        }
        return []
    }

    /// Base64, with the line breaks and sequences for line breaks that senders put in; nil for anything else.
    private static func base64(_ segment: HL7Segment, _ content: ArraySlice<UInt8>) -> [UInt8]? {
        var digits: [UInt8] = []
        digits.reserveCapacity(content.count + 3)
        let hasEscapes = segment.delimiters.escape.map(content.contains) ?? false
        let plain =
            hasEscapes
            ? Array(HL7Escapes(segment.delimiters, segment.encoding).plainText(of: content).utf8)[
                ...]
            : content
        // An empty component after the data is met.
        for byte in plain where byte > 0x20 && byte != segment.delimiters.component {
            digits.append(byte)
        }
        while digits.last == UInt8(ascii: "=") { digits.removeLast() }
        guard digits.count % 4 != 1 else { return nil }
        digits += Array(repeating: UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
        return Base64Text.bytes(of: digits)
    }

    private static func hexadecimal(_ content: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var high: UInt8?
        for byte in content where byte > 0x20 {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init) else {
                return nil
            }
            if let first = high { result.append(first << 4 | digit) }
            high = high == nil ? digit : nil
        }
        return high == nil ? result : nil
    }
}

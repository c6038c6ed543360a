// SPDX-License-Identifier: Apache-2.0
import JSONFiles
import RowFiles

/// Formats that a decoded text shows by how it begins.
///
/// Notes begin with `<所見>`, `[1]`, `{`, `MSH2` and `Date:`, too, so a sign alone is never enough: a tag
/// has to be closed or carry attributes, an object a quoted name, a segment its delimiters, a header its
/// block.
enum TextSignature {
    /// The format of a text that is something else than prose; nil where it is prose.
    static func format(of text: String) -> StructuredFormat? {
        // MLLP frames a message by 0B and 1C.
        let content = Array(text.utf8).trimmed { $0 <= 0x20 }
        let bytes = content.starts(with: [0xEF, 0xBB, 0xBF]) ? content.dropFirst(3) : content
        if isMessage(bytes) { return .hl7 }
        if let markup = MarkupSignature.format(of: bytes) { return markup }
        if isJSON(bytes) { return .json }
        if isMail(bytes) { return .mail }
        if isCalendar(bytes) { return .calendar }
        if bytes.starts(with: "#!/".utf8) || bytes.starts(with: "#! /".utf8) { return .program }
        if isTable(bytes) || isUnknownTable(bytes) { return .table }
        return MarkupSignature.isFragment(bytes) ? .html : nil
    }

    /// Whether a text begins as a vCard or an iCalendar (RFC 6350, 5545).
    private static func isCalendar(_ bytes: ArraySlice<UInt8>) -> Bool {
        let start = String(decoding: bytes.prefix(16), as: UTF8.self).uppercased()
        return ["BEGIN:VCARD", "BEGIN:VCALENDAR"].contains { start.hasPrefix($0) }
    }

    /// The format of bytes that say in a character set of their own what they are: HL7, and XML with its
    /// declaration.
    static func formatBeforeDecoding(of bytes: [UInt8]) -> StructuredFormat? {
        let content = bytes.trimmed { $0 <= 0x20 }
        if isMessage(content) { return .hl7 }
        let marked = content.starts(with: [0xEF, 0xBB, 0xBF]) ? content.dropFirst(3) : content
        return marked.starts(with: "<?xml".utf8) ? .xml : nil
    }

    /// Whether a text begins with an object that says to be a resource of FHIR, by a member of its own.
    static func isResource(_ text: String) -> Bool { isResource(Array(text.utf8)) }

    /// As ``isResource(_:)``, of bytes of UTF-8.
    static func isResource(_ bytes: [UInt8]) -> Bool {
        let content = bytes.trimmed { $0 <= 0x20 }
        let start = content.starts(with: [0xEF, 0xBB, 0xBF]) ? content.dropFirst(3) : content
        guard start.first == UInt8(ascii: "{") else { return false }
        let name = Array("resourceType\"".utf8)
        var (depth, isInString, isEscaped) = (0, false, false)
        for (place, byte) in zip(start.indices, start) {
            if isInString {
                if !isEscaped, byte == UInt8(ascii: "\"") { isInString = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                isInString = true
                guard depth == 1, start[(place + 1)...].starts(with: name) else { continue }
                let next = start[(place + 1 + name.count)...].first { $0 > 0x20 }
                if next == UInt8(ascii: ":") { return true }
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth <= 0 { return false }
            default: continue
            }
        }
        return false
    }

    // MARK: HL7

    private static let headers = ["MSH", "FHS", "BHS"]
    private static let segments = [
        "PID", "PD1", "PV1", "PV2", "EVN", "ORC", "OBR", "OBX", "TXA", "NTE", "MSA", "AL1", "DG1",
        "IN1", "SCH", "ZRD",
    ]

    private static func isMessage(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count >= 4 else { return false }
        let name = String(decoding: bytes.prefix(3), as: UTF8.self)
        let rest = bytes.dropFirst(3)
        guard let separator = rest.first, isPunctuation(separator) else { return false }
        if headers.contains(name) {
            if separator == UInt8(ascii: "|") { return true }
            // As in `MSH$^~\&$`: three to five other signs, and the separator again.
            let others = rest.dropFirst().prefix { isPunctuation($0) && $0 != separator }
            return (3...5).contains(others.count)
                && rest.dropFirst(1 + others.count).first == separator
        }
        guard segments.contains(name), separator == UInt8(ascii: "|") else { return false }
        // A message that lost its head has more lines of the kind.
        let next = rest.drop { $0 != 0x0D && $0 != 0x0A }.drop { $0 == 0x0D || $0 == 0x0A }
        return next.count >= 4 && next.prefix(3).allSatisfy { isCapitalOrDigit($0) }
            && next.dropFirst(3).first == separator
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    private static func isCapitalOrDigit(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
    }

    // MARK: JSON

    /// Whether a text is JSON or was meant to be: an object with quoted names, or a list of such things.
    private static func isJSON(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        else { return false }
        var rest = bytes
        var (opened, depth): (UInt8, Int) = (0, 0)
        while let byte = rest.first, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
            (opened, depth) = (byte, depth + 1)
            rest = rest.dropFirst().drop { $0 <= 0x20 }
        }
        if depth > 8 { return true }
        guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        else { return isWholeJSON(bytes) }
        var isEscaped = false
        let name = rest.dropFirst().prefix { byte in
            defer { isEscaped = byte == UInt8(ascii: "\\") && !isEscaped }
            return byte != quote || isEscaped
        }
        let next = rest.dropFirst(2 + name.count).drop { $0 <= 0x20 }.first
        let wanted = opened == UInt8(ascii: "{") ? UInt8(ascii: ":") : UInt8(ascii: ",")
        return next == wanted || isWholeJSON(bytes)
    }

    /// Whether bytes are JSON from the first to the last.
    static func isWholeJSON(_ bytes: ArraySlice<UInt8>) -> Bool {
        do throws(JSONSyntaxError) {
            _ = try JSONValue(parsing: Array(bytes))
            return true
        } catch {
            return error != .malformed
        }
    }

    // MARK: Mail

    private static let headerFields: Set<String> = [
        "from", "to", "cc", "subject", "date", "sender", "reply-to", "message-id", "mime-version",
        "received", "return-path", "content-type", "content-transfer-encoding", "delivered-to",
        "x-mailer", "in-reply-to", "references", "dkim-signature", "content-disposition",
    ]
    /// Fields that no memo has.
    private static let fieldsOfMail: Set<String> = [
        "message-id", "mime-version", "received", "return-path", "content-type",
        "content-transfer-encoding", "delivered-to", "x-mailer", "dkim-signature",
    ]

    /// Whether a text begins with the header of RFC 5322, or with the part of a message of many.
    private static func isMail(_ bytes: ArraySlice<UInt8>) -> Bool {
        var (known, isSure) = (0, false)
        for (number, line) in bytes.prefix(4096).split(separator: 0x0A).prefix(20).enumerated() {
            let text = String(decoding: line, as: UTF8.self)
            if text.first?.isWhitespace == true { continue }
            if number == 0, text.hasPrefix("From ") || text.hasPrefix("--") { continue }
            guard let colon = text.firstIndex(of: ":") else { break }
            let name = text[..<colon].lowercased()
            guard headerFields.contains(name) || name.hasPrefix("x-") else { break }
            known += 1
            isSure =
                isSure || fieldsOfMail.contains(name) || text.contains("=?")
                || (name == "from" && text.contains("@"))
        }
        return known >= 2 && isSure || known == 1 && isSure && bytes.starts(with: "--".utf8)
    }

    // MARK: Tables

    /// Names of columns that only a table of many patients' rows has.
    private static let columns: Set<String> = [
        "患者id", "患者番号", "患者ｉｄ", "患者no", "患者氏名", "カルテ番号", "診察券番号", "登録番号",
        "patient_id", "patientid", "patient id", "patient no", "mrn",
    ]

    /// Whether a text is a table with a column for the patient: each line has as many fields as the first.
    private static func isTable(_ bytes: ArraySlice<UInt8>) -> Bool {
        let header = bytes.prefix(4096).prefix { $0 != 0x0A && $0 != 0x0D }
        for separator in [UInt8(ascii: ","), 0x09] {
            let names = header.split(separator: separator, omittingEmptySubsequences: false)
                .map { String(decoding: $0.trimmed { $0 <= 0x20 || $0 == 0x22 }, as: UTF8.self) }
            // `患者ID`, tab, `0012` is the head of a note.
            guard names.count >= (separator == 0x09 ? 3 : 2),
                names.contains(where: { columns.contains($0.lowercased()) }),
                !names.contains(where: { $0.utf8.contains { (0x30...0x39).contains($0) } })
            else { continue }
            let next = bytes.dropFirst(header.count).drop { $0 == 0x0D || $0 == 0x0A }
                .prefix { $0 != 0x0A && $0 != 0x0D }
            // A quoted field may go on in the next line, so the second one is not counted exactly.
            let fields = next.split(separator: separator, omittingEmptySubsequences: false).count
            if fields == names.count || fields > 1 && next.contains(UInt8(ascii: "\"")) {
                return true
            }
        }
        return false
    }
}

extension TextSignature {
    /// Whether a text is a table of other columns: three lines at least, all with as many commas or tabs, two
    /// or more, the first no sentence and without spaces behind them; or headings in ASCII letters above one line with a number.
    fileprivate static func isUnknownTable(_ bytes: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return [SeparatedValues.Separator.comma, .tab].contains { separator in
            var table = SeparatedValues(
                text, separator: separator, quotesBetweenTabs: true, mostRowBytes: 1 << 20)
            guard let first = try? table.next(), first.fields.count >= 3,
                !first.fields.contains(where: endsSentence),
                // BT 36.5, BP 120/80, P 72: lists in a note have spaces behind their commas.
                !first.fields.dropFirst().contains(where: { $0.hasPrefix(" ") }),
                let second = try? table.next(), second.fields.count == first.fields.count
            else { return false }
            var count = 2
            do throws(SeparatedValues.Malformed) {
                while let row = try table.next() {
                    guard row.fields.count == first.fields.count else { return false }
                    count += 1
                }
            } catch {
                return false
            }
            return count >= 3
                || first.fields.allSatisfy(isHeading) && second.fields.contains { Int($0) != nil }
        }
    }

    private static func isHeading(_ field: String) -> Bool {
        field.utf8.count >= 2
            && field.utf8.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) || $0 == 0x5F }
    }

    private static func endsSentence(_ field: String) -> Bool {
        let end = field.trimmingScalars(\.isSpace).unicodeScalars.last
        return field.unicodeScalars.contains { "。．！？".unicodeScalars.contains($0) }
            || end.map { ".!?".unicodeScalars.contains($0) } ?? false || field.contains(". ")
    }
}

extension BidirectionalCollection where SubSequence: BidirectionalCollection {
    /// What is left without elements of a kind at the beginning and at the end.
    func trimmed(_ isEdge: (Element) -> Bool) -> SubSequence {
        let start = firstIndex { !isEdge($0) } ?? endIndex
        guard let last = lastIndex(where: { !isEdge($0) }), last >= start else {
            return self[start..<start]
        }
        return self[start...last]
    }
}

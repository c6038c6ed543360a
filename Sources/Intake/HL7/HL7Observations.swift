// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// What the OBX segments of a report say: lines of text with the section they stand in, data that came
/// along, and what OBX-11 says of each.
struct HL7Observations {
    /// A line of a text.
    struct Line {
        let segment: HL7Segment
        let text: String
        /// Whether the type of the value is one of narrative (TX, FT) rather than of a short string.
        let isNarrative: Bool
    }

    private(set) var lines: [Line] = []
    /// Lines that were filed to the wrong patient.
    private(set) var wrongLines: [Line] = []
    private(set) var data: [HL7EncapsulatedData] = []
    /// Whether a line is corrected, or amended, against what was sent before.
    private(set) var isCorrected = false
    private(set) var isAmended = false
    /// Whether a line is deleted, cannot be had, or was filed to the wrong patient.
    private var withdrawn: (narrative: Bool, strings: Bool) = (false, false)
    /// Whether text or data is left that its sender has not taken back.
    private var hasContent = false
    /// Whether a line only says that it is final now.
    private(set) var hasOnlyStatus = false
    private(set) var numbers = 0
    /// Whether there were strings that are values and no narrative.
    private(set) var hasValues = false
    /// Fields of text, with something in them or not.
    private(set) var texts = 0
    /// The states of the lines that count.
    private(set) var states: Set<String> = []
    /// Bytes of text so far, before escapes are resolved.
    private var textBytes = 0
    private let limits: IntakeLimits

    /// Reads OBX and NTE segments in order; throws `wrongValue` for a switch of the character set.
    init(
        _ segments: [HL7Segment], takesNotes: Bool, limits: IntakeLimits
    ) throws(IntakeError) {
        self.limits = limits
        var isAfterText = true
        for segment in segments {
            if segment.name == "NTE" {
                guard takesNotes, isAfterText else { continue }
                try take(note: segment)
                continue
            }
            isAfterText = try take(segment)
        }
        hasContent = !data.isEmpty || lines.contains { !$0.text.isEmpty }
        if lines.contains(where: \.isNarrative) { return }
        // Strings beside numbers are results, and so are strings that say nothing in words.
        if numbers > 0 || lines.allSatisfy({ Self.isValue($0.text) }) {
            hasValues = lines.contains { !$0.text.isEmpty }
            lines = []
        }
    }

    /// Without what is a value among a laboratory's results, such as (-) or 7.2.
    mutating func dropValues() {
        lines.removeAll { !$0.isNarrative || Self.isValue($0.text) }
        withdrawn.strings = false
    }

    /// Whether a text is short and holds neither Japanese nor a word.
    private static func isValue(_ text: String) -> Bool {
        guard text.utf8.count <= 20 else { return false }
        var letters = 0
        for scalar in text.unicodeScalars {
            if scalar.value > 0xFF, scalar.properties.isAlphabetic { return false }
            letters = scalar.properties.isAlphabetic ? letters + 1 : 0
            if letters > 3 { return false }
        }
        return true
    }

    /// Whether nothing of the report is left, because its sender took all of it back; a result that is not to
    /// be had takes back nothing.
    var isWithdrawn: Bool {
        !hasContent && (withdrawn.narrative || withdrawn.strings && numbers == 0)
    }

    private mutating func take(note: HL7Segment) throws(IntakeError) {
        let text = try text(note, field: 3, name: "NTE-3")
        guard !text.isEmpty else { return }
        lines.append(Line(segment: lines.last?.segment ?? note, text: text, isNarrative: false))
    }

    /// Takes an OBX; gives whether a note after it belongs to a text.
    private mutating func take(_ segment: HL7Segment) throws(IntakeError) -> Bool {
        let state = segment.value(11)?.uppercased() ?? ""
        let type = segment.value(2)?.uppercased() ?? ""
        if ["D", "X", "W", "DEL"].contains(state) {
            note(withdrawn: type)
            guard state == "W" else { return false }
        }
        switch state {
        case "C": isCorrected = true
        case "A", "B": isAmended = true
        case "U" where segment.field(5).isEmpty:
            hasOnlyStatus = true
            return false
        default: break
        }
        switch type {
        case "TX", "FT", "ST", "":
            guard !isIdentifier(segment, type) else { return false }
            texts += 1
            let text = try text(segment, field: 5, name: "OBX-5")
            add(
                Line(segment: segment, text: text, isNarrative: type == "TX" || type == "FT"),
                state)
            return state != "W"
        case "CWE":
            guard let text = Self.originalText(of: segment) else { return false }
            texts += 1
            add(Line(segment: segment, text: text, isNarrative: false), state)
            return state != "W"
        case "ED" where state != "W", "RP" where state != "W":
            data.append(try HL7EncapsulatedData(segment, limits))
        case "NM" where state != "W", "SN" where state != "W":
            numbers += 1
        default: break
        }
        return false
    }

    private mutating func note(withdrawn type: String) {
        switch type {
        case "TX", "FT", "ED", "RP": withdrawn.narrative = true
        case "ST", "CWE", "": withdrawn.strings = true
        default: break
        }
    }

    private mutating func add(_ line: Line, _ state: String) {
        guard state != "W" else {
            wrongLines.append(line)
            return
        }
        lines.append(line)
        if !line.text.isEmpty { states.insert(state) }
    }

    /// The text of a field: each repetition a line, and separators that the sender did not escape as they
    /// stand; nothing for the mark that deletes a value.
    private mutating func text(
        _ segment: HL7Segment, field: Int, name: String
    ) throws(IntakeError) -> String {
        // No character takes more than the five bytes of a sequence.
        let limit = 5 * limits.maximumDocumentScalars
        textBytes += segment.field(field).count
        guard textBytes <= limit else { throw .hl7(.tooMuch(of: "bytes of text", limit: limit)) }
        let escapes = HL7Escapes(segment.delimiters, segment.encoding)
        var lines: [String] = []
        for repetition in segment.repetitions(field) {
            let line = try escapes.text(of: repetition, field: name)
            lines.append(line == "\"\"" ? "" : line)
        }
        return lines.joined(separator: "\n")
    }

    /// The text of a coded value that has no code: as it was written, or its name.
    private static func originalText(of segment: HL7Segment) -> String? {
        segment.value(5, 9) ?? (segment.value(5, 1) == nil ? segment.value(5, 2) : nil)
    }

    /// Whether a string names something (a study, a series) or is a bare number.
    private func isIdentifier(_ segment: HL7Segment, _ type: String) -> Bool {
        guard type == "ST" || type.isEmpty else { return false }
        let names = [segment.value(3, 1), segment.value(3, 2)].compactMap(\.self)
        if segment.value(3, 3)?.uppercased() == "DCM",
            segment.value(3, 1)?.hasPrefix("1130") == true
        {
            return true
        }
        if names.contains(where: { $0.uppercased().hasSuffix(" UID") || $0.hasSuffix("UID") }) {
            return true
        }
        let value = segment.field(5)
        let isDigits = value.allSatisfy {
            (0x30...0x39).contains($0) || [0x2E, 0x2D, 0x2B, 0x20, 0x25].contains($0)
        }
        let points = value.count { $0 == 0x2E }
        return !value.isEmpty && isDigits && (type.isEmpty || points >= 3)
    }
}

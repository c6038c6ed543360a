// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

extension HL7Segment {
    /// The patient of PID: the identifier of type PI in PID-3, else the first; PID-2 in messages before 2.3.1.
    var patient: (identifier: String, issuer: String?)? {
        for field in [3, 2] {
            let all = repetitions(field).compactMap { repetition in
                value(of: component(1, of: repetition)).map { (repetition, $0) }
            }
            let best =
                all.first { value(of: component(5, of: $0.0))?.uppercased() == "PI" } ?? all.first
            guard let (repetition, identifier) = best else { continue }
            return (identifier, value(of: component(4, of: repetition)))
        }
        return nil
    }

    /// A person's name, family name first, in kanji where the field has it in more than one script.
    ///
    /// In a field of type NDL the name is one component (`R55&読影&医子`), in XCN it is several.
    func person(_ field: Int) -> String? {
        let names = repetitions(field).compactMap { repetition -> String? in
            let first = component(1, of: repetition)
            let parts: [String?]
            if let mark = delimiters.subcomponent, first.contains(mark) {
                let split = first.split(separator: mark, omittingEmptySubsequences: false)
                parts = split.dropFirst().prefix(2).map { value(of: $0) }
            } else {
                parts = [2, 3].map { value(of: component($0, of: repetition)) }
            }
            let name = parts.compactMap(\.self).joined(separator: " ")
            return name.isEmpty ? nil : name
        }
        return names.first { $0.unicodeScalars.contains(where: \.properties.isIdeographic) }
            ?? names.first
    }

    /// The name of a coded field, or its code.
    func named(_ field: Int) -> String? { value(field, 2) ?? value(field, 5) ?? value(field, 1) }
}

/// Times as messages have them.
enum HL7Time {
    /// A time as sent where it can be read; digits of a fraction without a point get one.
    static func stated(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text.count <= 40 else { return nil }
        if StatedTime(text) != nil { return text }
        guard (15...18).contains(text.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return text }
        let pointed = text.prefix(14) + "." + text.dropFirst(14)
        return StatedTime(String(pointed)) == nil ? text : String(pointed)
    }

    /// The first of some times that can be read, else the first that is there.
    static func first(of times: [String?]) -> String? {
        let sent = times.compactMap(\.self)
        return sent.first { instant($0) != nil } ?? sent.first
    }

    /// The instant in UTC, by which versions follow each other; nil where it cannot be read.
    static func instant(_ text: String?) -> String? {
        guard let text, text.utf8.count <= 40 else { return nil }
        return (StatedTime(text) ?? stated(text).flatMap(StatedTime.init))?.utc
    }
}

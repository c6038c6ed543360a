// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import Foundation

/// The table that INCEpTION and WebAnno export (WebAnno TSV 3): a line for each token, a column for each feature.
///
/// Offsets count UTF-16 units. A place over several tokens has the same number in brackets at each. White space
/// between sentences and behind the last is not in it, nor what the line ends were.
package enum WebAnnoTable {
    /// What a file holds; `document` is its name there.
    package static func read(
        _ content: Data, file: String, document: String?, into reading: inout AnnotationReading
    ) {
        let place = AnnotationPlace(file: file, record: 1)
        do throws(AnnotationFault) {
            guard let text = String(validating: content, as: UTF8.self) else {
                throw AnnotationFault(.malformed, at: place, document: document)
            }
            var table = WebAnnoReader(file: file, document: document)
            reading.take(
                CorrectedText(place: place, annotated: try table.text(of: text)))
        } catch {
            reading.faults.append(error)
        }
    }
}

/// Reads a table line by line.
private struct WebAnnoReader {
    /// A column of a layer of spans.
    private struct Column {
        let layer: Int
        let feature: String
    }

    /// A place that is being put together.
    private struct Mark {
        var start, end: Int
        var label: String?
        var certainty: String?
    }

    let file: String
    let document: String?
    private var columns: [Column?] = []
    private var layers = 0
    private var units: [UInt16] = []
    private var sentence: [UInt16] = []
    private var (isPlaced, hasText) = (true, false)
    private var marks: [String: Mark] = [:]
    private var order: [String] = []

    init(file: String, document: String?) { (self.file, self.document) = (file, document) }

    mutating func text(of content: String) throws(AnnotationFault) -> AnnotatedText {
        var number = 0
        for line in content.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        {
            number += 1
            var line = line
            if line.last == "\r" { line.removeLast() }
            try read(String(Substring(line)), AnnotationPlace(file: file, record: number))
        }
        let place = AnnotationPlace(file: file, record: 1)
        guard layers > 0, let whole = String(validating: units, as: UTF16.self) else {
            throw AnnotationFault(.malformed, at: place, document: document)
        }
        var text = AnnotatedText(Array(whole.unicodeScalars), document: document)
        let offsets = UnitOffsets(of: text.scalars)
        for mark in order.compactMap({ marks[$0] }) {
            guard let label = mark.label else {
                throw AnnotationFault(.noLabel, at: place, document: document)
            }
            try text.mark(
                from: offsets.scalar(at: mark.start), to: offsets.scalar(at: mark.end), as: label,
                at: place)
            text.spans[text.spans.count - 1].certainty = mark.certainty
        }
        return text
    }

    private mutating func read(
        _ line: String, _ place: AnnotationPlace
    ) throws(AnnotationFault) {
        // Scalar by scalar: a mark that begins a text would make one character with the sign before it.
        if line.unicodeScalars.starts(with: "#Text=".unicodeScalars) {
            // Further lines of one sentence begin with the same words.
            if isPlaced { sentence = [] } else if hasText { sentence.append(0x0A) }
            (isPlaced, hasText) = (false, true)
            sentence += Array(
                unescaped(Substring(line.unicodeScalars.dropFirst("#Text=".count))).utf16)
        } else if line.hasPrefix("#T_SP=") {
            let parts = line.dropFirst("#T_SP=".count).split(separator: "|")
            columns += parts.dropFirst().map { Column(layer: layers, feature: String($0)) }
            layers += 1
        } else if line.hasPrefix("#T_") {
            // Chains and relations have a column for each feature, and one for what they lead to.
            let parts = line.split(separator: "|")
            columns += Array(repeating: nil, count: max(1, parts.count))
        } else if let first = line.unicodeScalars.first, ("0"..."9").contains(first) {
            try readToken(
                line.split(separator: "\t", omittingEmptySubsequences: false), place)
        }
    }

    private mutating func readToken(
        _ fields: [Substring], _ place: AnnotationPlace
    ) throws(AnnotationFault) {
        let ends = fields.count > 2 ? fields[1].split(separator: "-").compactMap { Int($0) } : []
        guard ends.count == 2, ends[0] <= ends[1], fields.count >= 3 + columns.count else {
            throw AnnotationFault(.malformed, at: place, document: document)
        }
        let token = Array(unescaped(fields[2]).utf16)
        if !isPlaced { try placeSentence(token, at: ends[0], place) }
        guard ends[1] <= units.count, Array(units[ends[0]..<ends[1]]) == token else {
            throw AnnotationFault(.surface, at: place, document: document)
        }
        for layer in 0..<layers { try mark(layer, fields, ends, place) }
    }

    /// Puts the sentence where its first token says; what lies between two sentences was white space.
    private mutating func placeSentence(
        _ token: [UInt16], at start: Int, _ place: AnnotationPlace
    ) throws(AnnotationFault) {
        let before = sentence.prefix { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x3000 }
            .count
        let leading = sentence.starts(with: token) ? 0 : before
        guard start - leading >= units.count, start - leading - units.count <= 1 << 20 else {
            throw AnnotationFault(.outside, at: place, document: document)
        }
        units += Array(repeating: 0x0A, count: start - leading - units.count) + sentence
        isPlaced = true
    }

    private mutating func mark(
        _ layer: Int, _ fields: [Substring], _ ends: [Int], _ place: AnnotationPlace
    ) throws(AnnotationFault) {
        for (index, column) in columns.enumerated() {
            guard let column, column.layer == layer, fields[3 + index] != "_" else { continue }
            for (position, value) in stacked(fields[3 + index]).enumerated() {
                let (content, number) = numbered(value)
                let key =
                    number.map { "\(layer) \($0)" } ?? "\(layer) at \(ends) \(position)"
                if marks[key] == nil {
                    order.append(key)
                    marks[key] = Mark(start: ends[0], end: ends[1])
                }
                // Tokens come in order, and sub-tokens lie within theirs.
                let end = max(marks[key]?.end ?? 0, ends[1])
                marks[key]?.end = end
                guard content != "*" else { continue }
                let written = unescaped(Substring(content))
                if column.feature.lowercased() == "certainty" {
                    marks[key]?.certainty = AnnotatedText.Span.certainty(written)
                } else if marks[key]?.label == nil {
                    marks[key]?.label = written
                }
            }
        }
    }

    /// Values of places that lie over each other, `a[1]|b[2]`.
    private func stacked(_ field: Substring) -> [String] {
        var values = [""]
        var isEscaped = false
        for character in field {
            if character == "|", !isEscaped {
                values.append("")
            } else {
                values[values.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return values
    }

    /// `disease[3]` as its value and its number.
    private func numbered(_ value: String) -> (String, Int?) {
        guard value.hasSuffix("]"), let open = value.lastIndex(of: "["),
            let number = Int(value[value.index(after: open)...].dropLast())
        else { return (value, nil) }
        return (String(value[..<open]), number)
    }

    private func unescaped(_ text: Substring) -> String {
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                result.append(
                    scalar == "t" ? "\t" : scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation
import ResultStore

/// A document's text with its mentions marked, by brackets or by colours.
struct MarkedText {
    let document: ShownDocument
    /// Colours instead of brackets.
    let isColoured: Bool
    /// Whether control characters are shown as signs, so that they do nothing to a terminal.
    let isTerminal: Bool

    /// The text with its marks.
    var text: String {
        let scalars = document.scalars
        var (marked, place) = ("", 0)
        // Of mentions that overlap the first is marked; all are in the table.
        for mention in document.stored.mentions
        where mention.range.start >= place && mention.range.end <= scalars.count {
            marked += shown(scalars[place..<mention.range.start])
            marked += mark(mention, shown(scalars[mention.range.start..<mention.range.end]))
            place = mention.range.end
        }
        return marked + shown(scalars[place...])
    }

    private func mark(_ mention: StoredMention, _ words: String) -> String {
        let sign = Self.sign(of: mention)
        guard isColoured else { return "[\(sign)\(mention.type):\(words)]" }
        let colour = ["disease": 31, "drug": 34, "dose": 36][mention.type] ?? 35
        // What the patient has is bold; what is denied is struck through.
        let style = sign.isEmpty ? ";1" : sign == "-" ? ";9" : ";4"
        return "\u{1B}[\(colour)\(style)m\(sign)\(words)\u{1B}[0m"
    }

    /// What says that the patient does not have it now, or not for certain; empty for what the patient has.
    private static func sign(of mention: StoredMention) -> String {
        guard mention.subject == "patient" else { return "*" }
        return switch (mention.certainty, mention.temporality) {
        case ("negative", _): "-"
        case ("suspicious", _): "?"
        case ("general", _): "*"
        case (_, "past"): "<"
        case (_, "planned"): ">"
        default: ""
        }
    }

    /// Characters as they are, or on a terminal signs for those that would steer it.
    private func shown(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        guard isTerminal else { return String(String.UnicodeScalarView(scalars)) }
        // The CR of a CR LF needs no sign.
        let visible = scalars.filter { $0 != "\r" }.map { scalar -> Unicode.Scalar in
            guard scalar.steersTerminal, scalar != "\n", scalar != "\t" else { return scalar }
            return scalar.value < 0x20
                ? Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}" : "\u{FFFD}"
        }
        return String(String.UnicodeScalarView(visible))
    }
}

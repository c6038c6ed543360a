// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// A form that times are written in, such as `M/d/yyyy H:mm`.
///
/// `yyyy` is the year; `M`, `d`, `H`, `m` and `s` are month, day, hour, minute and second of one or two digits,
/// doubled of two. Everything else stands for itself.
package struct TimeForm: Hashable, Sendable {
    private enum Piece: Hashable {
        case number(Character, digits: ClosedRange<Int>)
        case sign(Character)
    }

    private let pieces: [Piece]

    /// A form; nil for one without year, month and day, with a part twice, or with other letters.
    package init?(_ form: String) {
        var pieces: [Piece] = []
        var rest = Array(form)[...]
        var parts: Set<Character> = []
        while let first = rest.first {
            let run = rest.prefix { $0 == first }.count
            guard first.isASCII, first.isLetter else {
                pieces.append(.sign(first))
                rest.removeFirst()
                continue
            }
            rest.removeFirst(run)
            guard "yMdHms".contains(first), parts.insert(first).inserted,
                first == "y" ? run == 4 : run <= 2
            else { return nil }
            pieces.append(.number(first, digits: run == 1 ? 1...2 : run...run))
        }
        guard parts.isSuperset(of: "yMd"), parts.contains("H") || parts.isDisjoint(with: "ms"),
            parts.contains("m") || !parts.contains("s")
        else { return nil }
        self.pieces = pieces
    }

    /// A time of this form in ISO 8601, without a zone; nil for what is none.
    package func iso8601(of text: String) -> String? {
        var rest = Array(text)[...]
        var numbers: [Character: String] = [:]
        for piece in pieces {
            switch piece {
            case .sign(let sign):
                guard rest.popFirst() == sign else { return nil }
            case .number(let part, let digits):
                let run = rest.prefix { $0.isASCII && $0.isNumber }.prefix(digits.upperBound)
                guard run.count >= digits.lowerBound else { return nil }
                rest.removeFirst(run.count)
                numbers[part] = run.count == 1 ? "0" + String(run) : String(run)
            }
        }
        guard rest.isEmpty, let year = numbers["y"], let month = numbers["M"],
            let day = numbers["d"]
        else { return nil }
        var result = "\(year)-\(month)-\(day)"
        if let hour = numbers["H"] {
            result += "T\(hour):\(numbers["m", default: "00"])"
            result += numbers["s"].map { ":" + $0 } ?? ""
        }
        return StatedTime(result) == nil ? nil : result
    }
}

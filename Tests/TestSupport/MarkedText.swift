// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// A text with its answers marked in it: `右上葉に⟦disease:腫瘤⟧を認める`.
package struct MarkedText {
    /// The text without marks.
    package let text: String
    /// Label, place and characters of each mark.
    package let marks: [(label: String, span: TextSpan)]

    /// Takes the marks out of a text.
    package init(_ marked: String) {
        var plain = String.UnicodeScalarView()
        var marks: [(label: String, span: TextSpan)] = []
        var label: String.UnicodeScalarView?
        var current: (label: String, start: Int, surface: String.UnicodeScalarView)?
        var count = 0
        for scalar in marked.unicodeScalars {
            switch scalar {
            case "⟦": label = .init()
            case "⟧":
                if let open = current {
                    let range = SourceRange(start: open.start, end: count)
                    marks.append(
                        (open.label, TextSpan(range: range, surface: String(open.surface))))
                }
                current = nil
            case ":" where label != nil && current == nil:
                current = (String(label ?? .init()), count, .init())
                label = nil
            default:
                if label != nil {
                    label?.append(scalar)
                } else {
                    plain.append(scalar)
                    current?.surface.append(scalar)
                    count += 1
                }
            }
        }
        text = String(plain)
        self.marks = marks
    }
}

import ClinicalTypes
import JapaneseText

/// A text with its answers marked in it: `右上葉に⟦disease:腫瘤⟧を認める`.
struct MarkedText {
    /// The text without marks.
    let text: String
    /// Label, place and characters of each mark.
    let marks: [(label: String, span: TextSpan)]

    init(_ marked: String) {
        var plain: [Unicode.Scalar] = []
        var marks: [(label: String, span: TextSpan)] = []
        var label: [Unicode.Scalar]?
        var current: (label: String, start: Int)?
        for scalar in marked.unicodeScalars {
            switch scalar {
            case "⟦": label = []
            case "⟧":
                if let open = current {
                    let range = SourceRange(start: open.start, end: plain.count)
                    let surface = String(scalars: plain[range.start..<range.end])
                    marks.append((open.label, TextSpan(range: range, surface: surface)))
                }
                current = nil
            case ":" where label != nil && current == nil:
                current = (String(scalars: (label ?? [])[...]), plain.count)
                label = nil
            default:
                if label != nil { label?.append(scalar) } else { plain.append(scalar) }
            }
        }
        text = String(scalars: plain[...])
        self.marks = marks
    }
}

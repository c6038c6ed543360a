// SPDX-License-Identifier: Apache-2.0
import XMLFiles

/// What the formats of a workbook's cells make of numbers.
struct CellFormats {
    /// What a number in a cell is.
    enum Meaning: Hashable {
        case number
        case percentage
        case time
    }

    private let meanings: [Meaning]

    /// The formats of the part `styles.xml`.
    init(_ part: XMLTree?) {
        var codes: [Int: String] = [:]
        for format in part?.root.first("numFmts")?.all("numFmt") ?? [] {
            guard let id = format.attribute("numFmtId").flatMap({ Int($0) }) else { continue }
            codes[id] = format.attribute("formatCode")
        }
        meanings =
            part?.root.first("cellXfs")?.all("xf").map { format in
                let id = format.attribute("numFmtId").flatMap { Int($0) } ?? 0
                return codes[id].map(Self.meaning(of:)) ?? Self.meaning(ofBuiltIn: id)
            } ?? []
    }

    /// The meaning of a number in a cell of a style.
    func meaning(ofStyle style: Int?) -> Meaning {
        guard let style, meanings.indices.contains(style) else { return .number }
        return meanings[style]
    }

    private static func meaning(ofBuiltIn id: Int) -> Meaning {
        switch id {
        case 9, 10: .percentage
        // Those of Japan and China among them.
        case 14...22, 27...36, 45...47, 50...58: .time
        default: .number
        }
    }

    /// Whether a code such as `yyyy"年"m"月"d"日"` shows a time.
    static func meaning(of code: String) -> Meaning {
        var letters = ""
        var rest = Array(code.lowercased())[...]
        while let first = rest.popFirst() {
            switch first {
            case "\"": rest = rest.drop { $0 != "\"" }.dropFirst()
            case "\\", "_", "*": rest = rest.dropFirst()
            case "[":
                // `[h]:mm` counts hours; `[$-411]` and `[red]` say nothing.
                let inside = rest.prefix { $0 != "]" }
                rest = rest.dropFirst(inside.count + 1)
                if let letter = inside.first, "hms".contains(letter),
                    inside.allSatisfy({ $0 == letter })
                {
                    letters.append(letter)
                }
            case ";": rest = []
            default: letters.append(first)
            }
        }
        if letters == "general" { return .number }
        let hasExponent = letters.contains("e+") || letters.contains("e-")
        if letters.contains(where: { "ymdhs".contains($0) }) || letters.contains("g")
            || letters.contains("e") && !hasExponent
        {
            return .time
        }
        return letters.contains("%") ? .percentage : .number
    }
}

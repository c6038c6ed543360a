// SPDX-License-Identifier: Apache-2.0

/// References to characters in HTML: `&lt;`, `&#12354;`, `&#x3042;`.
enum HTMLEntities {
    /// Appends text with its references resolved; what is no reference stays as it is.
    static func append(_ text: ArraySlice<UInt8>, to result: inout [UInt8]) {
        var index = text.startIndex
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: "&"),
                let (scalar, end) = reference(in: text, at: index)
            else {
                result.append(text[index])
                index += 1
                continue
            }
            result += Array(String(Character(scalar)).utf8)
            index = end
        }
    }

    /// The character of the reference that stands at a place, and the place after it.
    private static func reference(
        in text: ArraySlice<UInt8>, at start: Int
    ) -> (Unicode.Scalar, end: Int)? {
        let name = text[(start + 1)...].prefix(32).prefix { isPart($0) }
        guard !name.isEmpty else { return nil }
        var end = name.endIndex
        let isClosed = end < text.endIndex && text[end] == UInt8(ascii: ";")
        if isClosed { end += 1 }
        if name.first == UInt8(ascii: "#") {
            return number(name.dropFirst()).map { ($0, end) }
        }
        // A few are met without their semicolon.
        guard isClosed || open.contains(where: { name.elementsEqual($0.utf8) }) else { return nil }
        let word = String(decoding: name, as: UTF8.self)
        // `&AMP;` and `&NBSP;` are met, too.
        let other = word == word.uppercased() ? named[word.lowercased()] : nil
        return (named[word] ?? other).map { ($0, end) }
    }

    private static let open = ["lt", "gt", "amp", "quot", "nbsp"]

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "#"): true
        default: false
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Unicode.Scalar? {
        let isHexadecimal = digits.first == UInt8(ascii: "x") || digits.first == UInt8(ascii: "X")
        let text = String(decoding: isHexadecimal ? digits.dropFirst() : digits, as: UTF8.self)
        guard let value = UInt32(text, radix: isHexadecimal ? 16 : 10), value != 0 else {
            return nil
        }
        // Numbers of Windows-1252, which browsers read so, too.
        if (0x80...0x9F).contains(value) { return windows[Int(value) - 0x80] }
        return Unicode.Scalar(value)
    }

    private static let windows: [Unicode.Scalar?] = [
        "€", nil, "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", nil, "Ž", nil,
        nil, "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", nil, "ž", "Ÿ",
    ]

    private static let named: [String: Unicode.Scalar] = [
        "lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
        "ensp": "\u{A0}",
        "emsp": "\u{A0}", "thinsp": "\u{A0}", "shy": "\u{AD}", "iexcl": "¡", "cent": "¢",
        "pound": "£",
        "curren": "¤", "yen": "¥", "brvbar": "¦", "sect": "§", "uml": "¨", "copy": "©", "ordf": "ª",
        "laquo": "«", "not": "¬", "reg": "®", "macr": "¯", "deg": "°", "plusmn": "±", "sup2": "²",
        "sup3": "³", "acute": "´", "micro": "µ", "para": "¶", "middot": "·", "cedil": "¸",
        "sup1": "¹",
        "ordm": "º", "raquo": "»", "frac14": "¼", "frac12": "½", "frac34": "¾", "iquest": "¿",
        "times": "×", "divide": "÷", "szlig": "ß", "Agrave": "À", "Aacute": "Á", "Acirc": "Â",
        "Atilde": "Ã", "Auml": "Ä", "Aring": "Å", "AElig": "Æ", "Ccedil": "Ç", "Egrave": "È",
        "Eacute": "É", "Ecirc": "Ê", "Euml": "Ë", "Igrave": "Ì", "Iacute": "Í", "Icirc": "Î",
        "Iuml": "Ï", "ETH": "Ð", "Ntilde": "Ñ", "Ograve": "Ò", "Oacute": "Ó", "Ocirc": "Ô",
        "Otilde": "Õ", "Ouml": "Ö", "Oslash": "Ø", "Ugrave": "Ù", "Uacute": "Ú", "Ucirc": "Û",
        "Uuml": "Ü", "Yacute": "Ý", "THORN": "Þ", "agrave": "à", "aacute": "á", "acirc": "â",
        "atilde": "ã", "auml": "ä", "aring": "å", "aelig": "æ", "ccedil": "ç", "egrave": "è",
        "eacute": "é", "ecirc": "ê", "euml": "ë", "igrave": "ì", "iacute": "í", "icirc": "î",
        "iuml": "ï", "eth": "ð", "ntilde": "ñ", "ograve": "ò", "oacute": "ó", "ocirc": "ô",
        "otilde": "õ", "ouml": "ö", "oslash": "ø", "ugrave": "ù", "uacute": "ú", "ucirc": "û",
        "uuml": "ü", "yacute": "ý", "thorn": "þ", "yuml": "ÿ", "OElig": "Œ", "oelig": "œ",
        "Alpha": "Α", "Beta": "Β", "Gamma": "Γ", "Delta": "Δ", "Epsilon": "Ε", "Zeta": "Ζ",
        "Eta": "Η",
        "Theta": "Θ", "Iota": "Ι", "Kappa": "Κ", "Lambda": "Λ", "Mu": "Μ", "Nu": "Ν", "Xi": "Ξ",
        "Omicron": "Ο", "Pi": "Π", "Rho": "Ρ", "Sigma": "Σ", "Tau": "Τ", "Upsilon": "Υ", "Phi": "Φ",
        "Chi": "Χ", "Psi": "Ψ", "Omega": "Ω", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ",
        "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ",
        "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "rho": "ρ",
        "sigmaf": "ς", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ",
        "omega": "ω", "bull": "•", "hellip": "…", "prime": "′", "Prime": "″", "oline": "‾",
        "frasl": "⁄", "trade": "™", "larr": "←", "uarr": "↑", "rarr": "→", "darr": "↓", "harr": "↔",
        "lArr": "⇐", "uArr": "⇑", "rArr": "⇒", "dArr": "⇓", "hArr": "⇔", "part": "∂", "sum": "∑",
        "minus": "−", "radic": "√", "infin": "∞", "cap": "∩", "cup": "∪", "int": "∫", "there4": "∴",
        "sim": "∼", "cong": "≅", "asymp": "≈", "ne": "≠", "equiv": "≡", "le": "≤", "ge": "≥",
        "sub": "⊂", "sup": "⊃", "sdot": "⋅", "loz": "◊", "ndash": "–", "mdash": "—", "lsquo": "‘",
        "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”", "bdquo": "„", "dagger": "†",
        "Dagger": "‡", "permil": "‰", "lsaquo": "‹", "rsaquo": "›", "euro": "€", "zwnj": "\u{200C}",
        "zwj": "\u{200D}", "lrm": "\u{200E}", "rlm": "\u{200F}", "oplus": "⊕", "sol": "/",
        "colon": ":",
        "lpar": "(", "rpar": ")", "percnt": "%", "plus": "+", "num": "#", "Tab": "\t",
        "NewLine": "\n",
    ]
}

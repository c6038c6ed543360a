// SPDX-License-Identifier: Apache-2.0

/// One step of a `tokenizer.json`'s normaliser.
enum Normalizer: Sendable {
    case form(NormalizationForm)
    case replace(TextPattern, with: [Unicode.Scalar])
    case prepend([Unicode.Scalar])
    case strip(left: Bool, right: Bool)
    case lowercase
    case stripAccents
    case nmt
    case bert(BertNormalizer)
    case precompiled(PrecompiledCharacterMap)
    case byteLevel

    /// Changes `text`, keeping the places of its scalars.
    func apply(to text: inout NormalizedText) {
        switch self {
        case .form(let form): form.apply(to: &text)
        case .replace(let pattern, let content): text.replace(pattern, with: content)
        case .prepend(let scalars): text.prepend(scalars)
        case .strip(let left, let right): text.strip(left: left, right: right)
        case .lowercase: text.lowercase()
        case .stripAccents: text.remove(LibraryCharacters.isMark)
        case .nmt:
            text.remove(LibraryCharacters.isRemovedByNmt)
            text.map { LibraryCharacters.isSpaceToNmt($0) ? " " : $0 }
        case .bert(let bert): bert.apply(to: &text)
        case .precompiled(let map): text.replaceClusters(map)
        case .byteLevel: text.writeBytes()
        }
    }

    /// Whether the step leaves characters of `ByteAlphabet` only.
    var writesBytes: Bool {
        if case .byteLevel = self { true } else { false }
    }

    /// The step's name with what sets it apart.
    var summary: String {
        switch self {
        case .form(let form): form.rawValue
        case .replace(let pattern, let content):
            "Replace(\(pattern.text.debugDescription) → \(content.text.debugDescription))"
        case .prepend(let scalars): "Prepend(\(scalars.text.debugDescription))"
        case .strip(let left, let right): "Strip(left: \(left), right: \(right))"
        case .lowercase: "Lowercase"
        case .stripAccents: "StripAccents"
        case .nmt: "Nmt"
        case .bert: "BertNormalizer"
        case .precompiled: "Precompiled"
        case .byteLevel: "ByteLevel"
        }
    }
}

/// The four settings of BERT's normaliser.
struct BertNormalizer: Sendable {
    let cleansText: Bool
    let separatesIdeographs: Bool
    let stripsAccents: Bool
    let lowercases: Bool

    func apply(to text: inout NormalizedText) {
        if cleansText {
            text.remove {
                $0.value == 0 || $0.value == 0xFFFD || LibraryCharacters.isControl($0)
            }
            text.map { LibraryCharacters.isSpace($0) ? " " : $0 }
        }
        if separatesIdeographs { text.separateIdeographs() }
        if stripsAccents {
            NormalizationForm.nfd.apply(to: &text)
            text.remove(LibraryCharacters.isNonspacingMark)
        }
        if lowercases { text.lowercase() }
    }
}

extension [Unicode.Scalar] {
    /// The scalars as a string.
    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: self)
        return String(view)
    }
}

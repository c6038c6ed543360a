// SPDX-License-Identifier: Apache-2.0
package import JapaneseText

/// The terms of several lists, cleaned, each once.
///
/// Files count in the order in which they are added, their rows from top to bottom: of terms that are
/// the same after cleaning the first is taken.
package struct TermSelection: Sendable {
    /// Why a term is left out.
    package enum Reason: String, CaseIterable, Codable, Sendable {
        /// Cleaning leaves nothing of it.
        case nothingLeft = "nothing left"
        /// It holds a line break or a control character.
        case lineBreak = "line break"
        /// It holds white space, at which MeCab ends every word.
        case whiteSpace = "white space"
        /// It has more than 64 characters, or one of its texts more than 600 bytes.
        case tooLong = "too long"
        /// It is a single character that is not kanji.
        case tooShort = "too short"
        /// It has no letter: digits and signs only.
        case noLetter = "no letter"
        /// The list is not sure enough of it.
        case unsure
    }

    /// A term that had been taken before.
    package struct Repeated: Hashable, Codable, Sendable {
        /// The term, cleaned.
        package let term: String
        /// File and line that it was taken from.
        package let kept: String
        /// File and line that it was found at again.
        package let dropped: String
        /// Whether type, code or standard name differ there.
        package let differs: Bool
    }

    /// What became of one list.
    package struct SourceCount: Hashable, Codable, Sendable {
        /// Name and digest.
        package let source: String
        /// Layout.
        package let format: String
        /// Rows with a term.
        package let rows: Int
        /// Terms taken.
        package var taken = 0
        /// Terms left out, by reason.
        package var leftOut: [String: Int] = [:]
        /// Terms that had been taken before and say the same.
        package var repeated = 0
        /// Terms that had been taken before and say something else.
        package var conflicting = 0
    }

    /// The terms, in order.
    package private(set) var entries: [TermEntry] = []
    /// What became of each list, in order.
    package private(set) var sources: [SourceCount] = []
    /// Terms that stand more than once, in order.
    package private(set) var repetitions: [Repeated] = []
    private var places: [String: (entry: Int, source: String, line: Int)] = [:]
    /// Personal information is no matter of terms; its patterns could only hit by mistake.
    private let cleaner = TextCleaner(profile: .documents, personalInformation: [])

    /// A selection without terms.
    package init() {}

    /// Adds the terms of a list; `progress` gets the share that is done.
    package mutating func add(_ file: TermFile, progress: (Double) -> Void = { _ in }) {
        var count = SourceCount(
            source: file.identity, format: file.format.rawValue,
            rows: file.terms.count + file.unsure)
        if file.unsure > 0 { count.leftOut[Reason.unsure.rawValue] = file.unsure }
        for (index, term) in file.terms.enumerated() {
            if index & 0xFFF == 0 { progress(Double(index) / Double(file.terms.count)) }
            switch entry(term, source: file.identity) {
            case .leftOut(let reason): count.leftOut[reason.rawValue, default: 0] += 1
            case .entry(let entry): take(entry, term, of: file, &count)
            }
        }
        sources.append(count)
    }

    private mutating func take(
        _ entry: TermEntry, _ term: SourceTerm, of file: TermFile, _ count: inout SourceCount
    ) {
        guard let place = places[entry.term.surface] else {
            places[entry.term.surface] = (entries.count, file.name, term.line)
            entries.append(entry)
            count.taken += 1
            return
        }
        let kept = entries[place.entry].term
        let differs =
            kept.type != entry.term.type || kept.code != entry.term.code
            || kept.standardName != entry.term.standardName
        if differs { count.conflicting += 1 } else { count.repeated += 1 }
        repetitions.append(
            Repeated(
                term: entry.term.surface, kept: "\(place.source):\(place.line)",
                dropped: "\(file.name):\(term.line)", differs: differs))
    }

    private enum Verdict {
        case entry(TermEntry)
        case leftOut(Reason)
    }

    private func entry(_ term: SourceTerm, source: String) -> Verdict {
        // A row is bounded by 64 KiB, so cleaning it is cheap.
        let scalars = cleaner.clean(term.surface).scalars
        let controls =
            scalars + [term.code, term.standardName].flatMap { ($0 ?? "").unicodeScalars }
        guard !controls.contains(where: { $0.properties.generalCategory == .control }) else {
            return .leftOut(.lineBreak)
        }
        guard !scalars.isEmpty else { return .leftOut(.nothingLeft) }
        guard scalars.count <= TermEntry.longestSurface else { return .leftOut(.tooLong) }
        guard !scalars.contains(where: { $0 == "\u{2581}" || $0.properties.isWhitespace }) else {
            return .leftOut(.whiteSpace)
        }
        guard scalars.count > 1 || scalars[0].properties.isIdeographic else {
            return .leftOut(.tooShort)
        }
        guard scalars.contains(where: \.properties.isAlphabetic) else { return .leftOut(.noLetter) }
        let entry = TermEntry(
            term: DictionaryTerm(
                surface: String(String.UnicodeScalarView(scalars)), type: term.type,
                code: term.code, standardName: term.standardName, source: source),
            reading: term.reading.flatMap(Self.katakana), cost: term.cost)
        return entry.map { .entry($0) } ?? .leftOut(.tooLong)
    }

    /// A reading in katakana; nil if it holds anything but kana.
    private static func katakana(_ reading: String) -> String? {
        var result = String.UnicodeScalarView()
        for scalar in reading.unicodeScalars.prefix(200) {
            switch scalar.value {
            case 0x3041...0x3096:
                guard let kana = Unicode.Scalar(scalar.value + 0x60) else { return nil }
                result.append(kana)
            case 0x30A1...0x30FC: result.append(scalar)
            default: return nil
            }
        }
        return result.isEmpty ? nil : String(result)
    }
}

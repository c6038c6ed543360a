// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import JapaneseText
import LinearHeads

/// What the entity heads see of each word, as 32-bit hashes of feature names and values.
///
/// Words and parts of speech around it, its characters, shape and ends, dictionary and gazetteer
/// matches, the next cue words in the sentence, and the kind of document. The hashes are part of the
/// bundle's format: a change here needs a new `version` and a new training.
package struct EntityFeatures: Sendable {
    /// Stored with the weights.
    package static let version = 1

    /// The dictionary and gazetteer tables.
    package let tables: EntityTables

    /// Features with these tables.
    package init(tables: EntityTables) {
        self.tables = tables
    }

    /// The feature hashes of each word of a sentence.
    ///
    /// `ownEntities` holds, for a training document, the term hashes of its own entities for each
    /// type that the gazetteers know from it.
    package func hashes(
        of sentence: AnalyzedSentence, in text: AnalyzedText, kind: DocumentKind,
        ownEntities: [EntityType: Set<UInt32>] = [:]
    ) -> [[UInt32]] {
        let words = SentenceWords(sentence)
        var writer = FeatureWriter(words: words)
        writer.writeWords()
        writer.writeCharacters()
        writer.writeKind(kind)
        for type in EntityType.allCases {
            if let table = tables.terms[type] {
                writer.writeTerms(table.matches(in: words), of: type)
            }
            if let gazetteer = tables.gazetteers[type] {
                let matches = gazetteer.matches(in: words, ownEntities: ownEntities[type])
                writer.writeGazetteer(matches, of: type)
            }
        }
        writer.writeCues(CueWords.find(in: text.cleaned, range: sentence.range))
        return writer.hashes
    }
}

/// The tables that entity features look strings up in.
package struct EntityTables: Hashable, Sendable {
    /// Dictionaries by type of entity.
    package var terms: [EntityType: TermTable]
    /// Gazetteers by type of entity.
    package var gazetteers: [EntityType: Gazetteer]

    /// Tables.
    package init(
        terms: [EntityType: TermTable] = [:], gazetteers: [EntityType: Gazetteer] = [:]
    ) {
        self.terms = terms
        self.gazetteers = gazetteers
    }
}

/// Collects the hashes of a sentence's words, one family of features after another.
private struct FeatureWriter {
    let words: SentenceWords
    private(set) var hashes: [[UInt32]]

    init(words: SentenceWords) {
        self.words = words
        hashes = [[UInt32]](repeating: [], count: words.count)
        for word in hashes.indices { hashes[word].reserveCapacity(110) }
    }

    /// The families of features; the raw value goes into the hash.
    private enum Family: Int {
        case bias, word, baseForm, wordPair, wordTriple, partOfSpeech, subcategory, posPair,
            posTriple
        case shape, shapePair, prefix, suffix, character, length, unknown, before, after
        case term, termLength, gazetteer, gazetteerCount, cue, nextCue, nextCueWord, quoted,
            cueAtWord
        case kind, kindWord, kindShape, sentenceLength, lastCue
    }

    private mutating func add(_ family: Family, at word: Int, _ build: (inout FeatureHash) -> Void)
    {
        var hash = FeatureHash("e")
        hash.mix(family.rawValue)
        build(&hash)
        hashes[word].append(UInt32(truncatingIfNeeded: hash.value))
    }

    // MARK: Words and parts of speech

    mutating func writeWords() {
        let words = words
        for word in 0..<words.count {
            add(.bias, at: word) { _ in }
            for offset in -3...3 {
                add(.word, at: word) {
                    $0.mix(offset)
                    $0.mix(words.surface(word + offset))
                }
            }
            for offset in -2...2 {
                add(.partOfSpeech, at: word) {
                    $0.mix(offset)
                    $0.mix(words.partOfSpeech(word + offset))
                }
                add(.subcategory, at: word) {
                    $0.mix(offset)
                    $0.mix(words.subcategory(word + offset))
                }
            }
            for offset in -2...1 {
                add(.wordPair, at: word) {
                    $0.mix(offset)
                    $0.mix(words.surface(word + offset))
                    $0.mix(words.surface(word + offset + 1))
                }
                add(.posPair, at: word) {
                    $0.mix(offset)
                    $0.mix(words.subcategory(word + offset))
                    $0.mix(words.subcategory(word + offset + 1))
                }
            }
            for offset in -2...0 {
                add(.posTriple, at: word) {
                    $0.mix(offset)
                    for step in 0...2 { $0.mix(words.subcategory(word + offset + step)) }
                }
            }
            for offset in -1...1 {
                guard words.morphemes.indices.contains(word + offset) else { continue }
                add(.baseForm, at: word) {
                    $0.mix(offset)
                    $0.mix(words.morphemes[word + offset].baseForm)
                }
            }
            add(.wordTriple, at: word) {
                for step in -1...1 { $0.mix(words.surface(word + step)) }
            }
            if words.morphemes[word].isUnknown { add(.unknown, at: word) { _ in } }
        }
    }

    // MARK: Characters

    mutating func writeCharacters() {
        let words = words
        for word in 0..<words.count {
            for offset in -1...1 { writeEnds(of: word + offset, offset: offset, at: word) }
            for offset in -2...2 {
                add(.shape, at: word) {
                    $0.mix(offset)
                    $0.mix(words.shape(word + offset))
                }
            }
            for offset in -1...0 {
                add(.shapePair, at: word) {
                    $0.mix(offset)
                    $0.mix(words.shape(word + offset))
                    $0.mix(words.shape(word + offset + 1))
                }
            }
            // In their order, which a set would not keep from run to run.
            for (place, scalar) in words.characters[word].enumerated()
            where !words.characters[word][..<place].contains(scalar) {
                add(.character, at: word) { $0.mix(scalar) }
            }
            add(.length, at: word) { $0.mix(min(words.characters[word].count, 6)) }
            add(.before, at: word) {
                $0.mix(words.surface(word - 1).suffix(1))
                $0.mix(words.surface(word).prefix(1))
            }
            add(.after, at: word) {
                $0.mix(words.surface(word).suffix(1))
                $0.mix(words.surface(word + 1).prefix(1))
            }
        }
    }

    private mutating func writeEnds(of neighbour: Int, offset: Int, at word: Int) {
        let words = words
        let characters = words.surface(neighbour)
        for length in 1...3 where characters.count >= length {
            add(.prefix, at: word) {
                $0.mix(offset)
                $0.mix(characters.prefix(length))
            }
            add(.suffix, at: word) {
                $0.mix(offset)
                $0.mix(characters.suffix(length))
            }
        }
    }

    // MARK: Document

    mutating func writeKind(_ kind: DocumentKind) {
        let words = words
        var depth = 0
        for word in 0..<words.count {
            add(.kind, at: word) { $0.mix(kind.rawValue) }
            add(.kindWord, at: word) {
                $0.mix(kind.rawValue)
                $0.mix(words.surface(word))
            }
            add(.kindShape, at: word) {
                $0.mix(kind.rawValue)
                $0.mix(words.subcategory(word))
            }
            let mark = words.morphemes[word].surface
            if mark == "「" { depth += 1 }
            if mark == "」" { depth = max(0, depth - 1) }
            if depth > 0 { add(.quoted, at: word) { $0.mix(kind.rawValue) } }
        }
    }

    // MARK: Tables

    /// 1 begin, 2 inside, 3 end, 4 the only word, for each word of a run.
    private static func position(_ word: Int, in run: Range<Int>) -> Int {
        if run.count == 1 { return 4 }
        if word == run.lowerBound { return 1 }
        return word == run.upperBound - 1 ? 3 : 2
    }

    mutating func writeTerms(_ matches: [TermTable.Match], of type: EntityType) {
        let words = words
        for match in matches {
            for neighbour in match.words.lowerBound - 1...match.words.upperBound
            where words.morphemes.indices.contains(neighbour) {
                let place = FeatureWriter.place(neighbour, match.words)
                add(.term, at: neighbour) {
                    $0.mix(type.rawValue)
                    $0.mix(place)
                }
                add(.termLength, at: neighbour) {
                    $0.mix(type.rawValue)
                    $0.mix(place)
                    $0.mix(min(match.length, 8))
                }
            }
        }
    }

    /// As `position`, and 5 for the word before, 6 for the word after.
    private static func place(_ word: Int, _ run: Range<Int>) -> Int {
        if word < run.lowerBound { return 5 }
        return word >= run.upperBound ? 6 : position(word, in: run)
    }

    mutating func writeGazetteer(_ matches: [Gazetteer.Match], of type: EntityType) {
        let words = words
        for match in matches {
            let ratio = min(Int(match.ratio * 5), 4)
            let documents = match.documents < 2 ? 1 : match.documents < 5 ? 2 : 5
            for neighbour in match.words.lowerBound - 1...match.words.upperBound
            where words.morphemes.indices.contains(neighbour) {
                let place = FeatureWriter.place(neighbour, match.words)
                add(.gazetteer, at: neighbour) {
                    $0.mix(type.rawValue)
                    $0.mix(place)
                    $0.mix(ratio)
                }
                add(.gazetteerCount, at: neighbour) {
                    $0.mix(type.rawValue)
                    $0.mix(place)
                    $0.mix(ratio)
                    $0.mix(documents)
                }
            }
        }
    }

    // MARK: Cues

    mutating func writeCues(_ cues: [CueWords.Cue]) {
        for word in 0..<words.count {
            let range = words.morphemes[word].range
            for family in CueWords.Family.allCases {
                guard let cue = cues.first(where: { $0.family == family && $0.start >= range.end })
                else { continue }
                add(.cue, at: word) {
                    $0.mix(family.rawValue)
                    $0.mix(FeatureWriter.distance(cue.start - range.end))
                }
            }
            writeNextCue(cues, at: word, range: range)
        }
    }

    private mutating func writeNextCue(_ cues: [CueWords.Cue], at word: Int, range: CleanedRange) {
        if let cue = cues.first(where: { $0.start >= range.end }) {
            let distance = FeatureWriter.distance(cue.start - range.end)
            add(.nextCue, at: word) {
                $0.mix(cue.family.rawValue)
                $0.mix(distance)
            }
            add(.nextCueWord, at: word) {
                $0.mix(cue.family.rawValue)
                $0.mix(cue.number)
                $0.mix(min(distance, 4))
            }
        } else {
            add(.nextCue, at: word) { $0.mix(-1) }
        }
        if let cue = cues.last(where: { $0.start < range.start }) {
            add(.lastCue, at: word) {
                $0.mix(cue.family.rawValue)
                $0.mix(FeatureWriter.distance(range.start - cue.start))
            }
        }
    }

    /// Steps of distance: 0, 1, 2, up to 4, 8, 16, 32 characters, and more.
    private static func distance(_ characters: Int) -> Int {
        switch characters {
        case ...2: max(0, characters)
        case ...4: 3
        case ...8: 4
        case ...16: 5
        case ...32: 6
        default: 7
        }
    }
}

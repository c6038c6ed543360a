// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// A report as wordings of cause are read in it: without white space, doses and asides, its drugs and diseases
/// in groups (発熱と皮疹) of which the same is said.
struct CausalText {
    /// Mentions of one type that a sentence lists together.
    struct Group {
        let type: EntityType
        /// Indexes of the entities.
        let members: [Int]
        let range: Range<Int>
        let sentence: Int
        /// Whether it only refers to the drugs that were named before (同薬).
        var isReference = false
    }

    let entities: [Entity]
    /// What is read; every range of this type is in it.
    let scalars: [Unicode.Scalar]
    let sentences: [Range<Int>]
    /// All groups in the order of the text.
    let groups: [Group]
    private let text: AnalyzedText
    /// Places in the cleaned text.
    private let places: [Int]

    init(_ entities: [Entity], in text: AnalyzedText) {
        self.entities = entities
        self.text = text
        let cleaned = entities.map { text.cleaned.cleanedRange(of: $0.span.range) }
        let dropped = Self.dropped(cleaned, entities, in: text)
        let places = text.cleaned.scalars.indices.filter { !dropped[$0] }
        // Where each place of the cleaned text, or else the one behind it, has come to stand.
        var moved = [Int](repeating: places.count, count: dropped.count + 1)
        for (new, old) in places.enumerated().reversed() { moved[old] = new }
        for old in moved.indices.dropLast().reversed() where dropped[old] {
            moved[old] = moved[old + 1]
        }
        self.places = places
        // ，between words is the comma of horizontal writing.
        scalars = places.map { text.cleaned.scalars[$0] == "," ? "、" : text.cleaned.scalars[$0] }
        sentences = text.sentences.map { moved[$0.range.start]..<moved[$0.range.end] }
        let ranges = cleaned.map { moved[$0.start]..<moved[$0.end] }
        let named = Self.withMembersOfClasses(
            Self.groups(entities, ranges, sentences, scalars), entities)
        groups =
            (Self.withReferences(named, sentences, scalars)
            + Self.classes(named, entities, sentences, scalars))
            .sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// The words of a range as the document has them.
    func span(of range: Range<Int>) -> TextSpan {
        guard let first = range.first, let last = range.last else {
            return text.textSpan(of: CleanedRange(start: 0, end: 0))
        }
        return text.textSpan(of: CleanedRange(start: places[first], end: places[last] + 1))
    }

    // MARK: What is left out

    private static func dropped(
        _ ranges: [CleanedRange], _ entities: [Entity], in text: AnalyzedText
    ) -> [Bool] {
        let scalars = text.cleaned.scalars
        var dropped = scalars.map { $0 == "\n" || $0.isSpace }
        for (entity, range) in zip(entities, ranges) where entity.type == .dose {
            for place in range.start..<range.end { dropped[place] = true }
        }
        for sentence in text.sentences {
            var place = sentence.range.start
            while place < sentence.range.end {
                guard scalars[place] == "(",
                    let closing = (place..<min(sentence.range.end, place + 25)).first(where: {
                        scalars[$0] == ")"
                    })
                else {
                    place += 1
                    continue
                }
                let isAside =
                    !zip(entities, ranges).contains {
                        $0.type != .dose && $1.start < closing && place < $1.end
                    } && !CausalWords.suspicion.occurs(in: scalars, place..<closing)
                if isAside { for inner in place...closing { dropped[inner] = true } }
                place = closing + 1
            }
        }
        return dropped
    }

    // MARK: Groups

    private static func groups(
        _ entities: [Entity], _ ranges: [Range<Int>], _ sentences: [Range<Int>],
        _ scalars: [Unicode.Scalar]
    ) -> [Group] {
        let order = entities.indices.filter { entities[$0].type != .dose && !ranges[$0].isEmpty }
            .sorted {
                (ranges[$0].lowerBound, -ranges[$0].count)
                    < (ranges[$1].lowerBound, -ranges[$1].count)
            }
        var groups: [Group] = []
        for index in order {
            let range = ranges[index]
            // チアマゾールの副作用である無顆粒球症: a word of the wording, no event.
            if entities[index].type == .disease,
                CausalWords.eventNames.match(
                    in: scalars, at: range.lowerBound, end: range.upperBound)
                    == range
            {
                continue
            }
            guard
                let sentence = sentences.lastIndex(where: { $0.lowerBound <= range.lowerBound })
            else { continue }
            if let last = groups.last {
                // The drug within an allergy.
                if range.lowerBound < last.range.upperBound { continue }
                let gap = last.range.upperBound..<range.lowerBound
                if last.type == entities[index].type, last.sentence == sentence,
                    joins(gap, last.type, in: scalars)
                {
                    groups[groups.count - 1] = Group(
                        type: last.type, members: last.members + [index],
                        range: last.range.lowerBound..<range.upperBound, sentence: sentence)
                    continue
                }
            }
            groups.append(
                Group(
                    type: entities[index].type, members: [index], range: range, sentence: sentence))
        }
        return groups
    }

    /// The groups, where a class that is a mention itself stands for the drugs of it that were named before, too.
    private static func withMembersOfClasses(_ groups: [Group], _ entities: [Entity]) -> [Group] {
        groups.enumerated().map { number, group in
            guard group.type == .drug else { return group }
            let earlier = groups[..<number].filter { $0.type == .drug }.flatMap(\.members)
            let classes = group.members.compactMap { member -> DrugClass? in
                let surface = Array(entities[member].span.surface.unicodeScalars)
                guard
                    let named = DrugClass.named(in: surface, at: 0, end: surface.count),
                    surface.count - named.range.count <= 3
                else { return nil }
                return named.drugs
            }
            let own = Set(group.members.map { entities[$0].span.surface })
            let members = earlier.filter { drug in
                !own.contains(entities[drug].span.surface)
                    && classes.contains { $0.holds(drug, of: entities) }
            }
            guard !members.isEmpty else { return group }
            return Group(
                type: .drug, members: group.members + members, range: group.range,
                sentence: group.sentence)
        }
    }

    /// The names of classes that stand for drugs that were named before: ACE阻害薬の副作用.
    private static func classes(
        _ groups: [Group], _ entities: [Entity], _ sentences: [Range<Int>],
        _ scalars: [Unicode.Scalar]
    ) -> [Group] {
        var found: [Group] = []
        for (number, sentence) in sentences.enumerated() {
            var place = sentence.lowerBound
            while place < sentence.upperBound {
                guard
                    let named = DrugClass.named(in: scalars, at: place, end: sentence.upperBound),
                    !isWithinWord(named.range, in: scalars),
                    CausalWords.generics.prefix(
                        of: scalars, named.range.upperBound..<sentence.upperBound) == nil
                else {
                    place += 1
                    continue
                }
                place = named.range.upperBound
                guard !groups.contains(where: { $0.range.overlaps(named.range) }) else { continue }
                let members = groups.filter {
                    $0.type == .drug && $0.range.upperBound <= named.range.lowerBound
                }.flatMap(\.members).filter { named.drugs.holds($0, of: entities) }
                guard !members.isEmpty else { continue }
                found.append(
                    Group(
                        type: .drug, members: members, range: named.range, sentence: number,
                        isReference: true))
            }
        }
        return found
    }

    /// Whether a range begins or ends within a word of Latin letters or katakana.
    private static func isWithinWord(_ range: Range<Int>, in scalars: [Unicode.Scalar]) -> Bool {
        func isLetter(_ place: Int) -> Bool {
            guard scalars.indices.contains(place) else { return false }
            let value = scalars[place].value
            return scalars[place].properties.isAlphabetic && value < 0x250
                || (0x30A1...0x30FC).contains(value)
        }
        return isLetter(range.lowerBound - 1) && isLetter(range.lowerBound)
            || isLetter(range.upperBound) && isLetter(range.upperBound - 1)
    }

    /// The groups with those that 同薬 and the like refer to.
    private static func withReferences(
        _ groups: [Group], _ sentences: [Range<Int>], _ scalars: [Unicode.Scalar]
    ) -> [Group] {
        var all = groups
        for (number, sentence) in sentences.enumerated() {
            for place in CausalWords.references.all(in: scalars, sentence) {
                let before = groups.filter {
                    $0.type == .drug && $0.range.upperBound <= place.lowerBound
                }
                guard let last = before.last, !groups.contains(where: { $0.range.overlaps(place) })
                else { continue }
                // 残る2剤 are others.
                if CausalWords.others.ends(
                    scalars, max(0, place.lowerBound - 4)..<place.lowerBound)
                {
                    continue
                }
                // INH、RFP の2剤 says nothing new.
                if scalars[place.lowerBound].properties.numericType != nil, place.lowerBound > 0,
                    "の0123456789".unicodeScalars.contains(scalars[place.lowerBound - 1])
                {
                    continue
                }
                // グルコン酸カルシウムを静注し、同薬を中止した: not what was begun just before.
                let next = place.upperBound..<min(place.upperBound + 6, sentence.upperBound)
                let between = last.range.upperBound..<place.lowerBound
                let isBegun =
                    CausalWords.stops.occurs(in: scalars, next)
                    && CausalWords.begun.prefix(of: scalars, between) != nil
                    && last.sentence == number
                    // フロセミドの投与により胸水は減少し、同薬の有害事象: nor what brought relief.
                    || CausalWords.reliefs.prefix(of: scalars, between) != nil
                        && CausalWords.improvements.occurs(in: scalars, between)
                if isBegun, let earlier = before.dropLast().last,
                    ["同", "本"].contains(scalars[place.lowerBound])
                {
                    all.append(
                        Group(
                            type: .drug, members: earlier.members, range: place, sentence: number,
                            isReference: true))
                    continue
                }
                // 両剤: two drugs, though they were named apart.
                let members = Self.members(
                    of: scalars[place.lowerBound], last, all: before.flatMap(\.members))
                all.append(
                    Group(
                        type: .drug, members: members, range: place, sentence: number,
                        isReference: true))
            }
        }
        return all
    }

    /// The drugs that a word for those named before means, by its first character: 両剤, 3剤, これらの薬剤, 同薬.
    private static func members(of first: Unicode.Scalar, _ last: Group, all: [Int]) -> [Int] {
        switch first {
        case "処", "こ": return all
        case "両", "い", "二", "2": return last.members.count == 1 ? all.suffix(2) : last.members
        case "三", "3": return all.suffix(3)
        case "4": return all.suffix(4)
        default: return last.members
        }
    }

    private static let clauseScalars = Set("をはがにでしたて、。:()".unicodeScalars)

    /// Whether a gap only lists: 発熱と体幹の紅斑.
    private static func joins(_ gap: Range<Int>, _ type: EntityType, in scalars: [Unicode.Scalar])
        -> Bool
    {
        guard let list = CausalWords.enumerators.prefix(of: scalars, gap) else {
            return type == .disease
                && CausalWords.attendants.prefix(of: scalars, gap)?.upperBound == gap.upperBound
        }
        let rest = list.upperBound..<gap.upperBound
        if rest.isEmpty { return true }
        return type == .disease && rest.count <= 12
            && !scalars[rest].contains { clauseScalars.contains($0) }
    }

    // MARK: Around groups

    /// What stands behind a group, to the next group or the end of the sentence.
    func rest(after number: Int) -> Range<Int> {
        let group = groups[number]
        var start = group.range.upperBound
        var end = sentences[group.sentence].upperBound
        if let next = neighbour(number + 1, of: number) { end = next.range.lowerBound }
        // シスプラチン(CDDP)による
        if start < end, scalars[start] == ")" { start += 1 }
        return start..<max(start, end)
    }

    /// What stands before a group, from the group before or the beginning of the sentence.
    func lead(before number: Int) -> Range<Int> {
        let start =
            neighbour(number - 1, of: number)?.range.upperBound
            ?? sentences[groups[number].sentence].lowerBound
        return start..<max(start, groups[number].range.lowerBound)
    }

    /// What stands behind a group in its sentence, other groups included.
    func tail(after number: Int) -> Range<Int> {
        let start = groups[number].range.upperBound
        return start..<max(start, sentences[groups[number].sentence].upperBound)
    }

    /// The group of a number, if it stands in the same sentence as another.
    func neighbour(_ number: Int, of other: Int) -> Group? {
        guard groups.indices.contains(number), groups[number].sentence == groups[other].sentence
        else { return nil }
        return groups[number]
    }

    /// Whether one of the words stands in a range.
    func has(_ words: WordList, _ range: Range<Int>) -> Bool { words.occurs(in: scalars, range) }

    /// How entities of one name are told from others.
    func name(of entity: Int) -> String {
        entities[entity].normalized ?? entities[entity].span.surface
    }
}

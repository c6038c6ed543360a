// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import Foundation
package import JapaneseText
package import LinearHeads
package import Tensors

/// The features of one entity in a case report.
package struct AdverseEventFeatures {
    /// The vector: hashed n-grams first, then measures, then what the trunk's states say.
    package let vector: SparseVector

    /// Room for measures after the buckets; twice, once for both roles and once for drugs alone.
    package static let measureRoom = 4096

    /// The report, prepared once for all its entities.
    package struct Report {
        let text: AnalyzedText
        let index: ReportIndex
        let states: [Tensor]

        /// Prepares a report.
        package init(_ text: AnalyzedText, states: [Tensor] = []) {
            self.text = text
            self.states = states
            index = ReportIndex(text)
        }

        /// The places of an entity's words in cleaned text.
        package func occurrences(of surface: String) -> [CleanedRange] {
            SurfaceSearch.occurrences(of: surface, in: text.cleaned)
        }
    }

    /// Describes an entity with its occurrences in cleaned text, ascending; there may be none.
    package init(
        surface: String, occurrences: [CleanedRange], report: Report, role: AdverseEventRole,
        settings: AdverseEventGrader.Settings
    ) {
        let scalars = report.index.scalars
        let name =
            occurrences.first.map { Array(scalars[$0.start..<$0.end]) }
            ?? Array(surface.unicodeScalars)
        var entries = Self.runs(name, occurrences, report.index, role, buckets: settings.buckets)
        var measures = Measures()
        measures.addName(name, role)
        measures.addPlaces(occurrences, report.index)
        measures.addCues(occurrences, report.index)
        precondition(measures.values.count <= Self.measureRoom / 2, "room for all measures")
        for (number, value) in measures.values.enumerated() where value != 0 {
            entries.append((UInt32(settings.buckets + number), Float(value)))
            if role == .drug {
                entries.append(
                    (UInt32(settings.buckets + Self.measureRoom / 2 + number), Float(value)))
            }
        }
        if settings.stateWidth > 0 {
            let width = settings.stateWidth
            let start = settings.buckets + Self.measureRoom
            let own = StateMeans.mean(
                of: report.text, states: report.states, ranges: occurrences, width: width)
            let whole = StateMeans.mean(
                of: report.text, states: report.states, ranges: nil, width: width)
            for (column, value) in (own + whole).enumerated() {
                entries.append((UInt32(start + column), value))
            }
        }
        vector = SparseVector(entries)
    }

    /// Runs of characters of the name, of what stands around it, and of its sentences.
    private static func runs(
        _ name: [Unicode.Scalar], _ occurrences: [CleanedRange], _ index: ReportIndex,
        _ role: AdverseEventRole, buckets: Int
    ) -> [(index: UInt32, value: Float)] {
        let prefix = role.rawValue + "."
        let scalars = index.scalars
        var own = FeatureBag(buckets: buckets)
        own.addRuns(prefix + "name", of: name[...], lengths: 1...3)
        var window = FeatureBag(buckets: buckets)
        var sentence = FeatureBag(buckets: buckets)
        for place in occurrences {
            let left = scalars[max(0, place.start - 20)..<place.start]
            let right = scalars[place.end..<min(scalars.count, place.end + 20)]
            window.addRuns(prefix + "left", of: left, lengths: 1...4)
            window.addRuns(prefix + "right", of: right, lengths: 1...4)
            for length in 1...6 {
                window.addRuns("before", of: left.suffix(length), lengths: length...length)
                window.addRuns("after", of: right.prefix(length), lengths: length...length)
            }
        }
        for number in Set(occurrences.map { index.sentence(at: $0.start) }).sorted() {
            let range = index.sentences[number]
            sentence.addRuns("sentence", of: scalars[range.start..<range.end], lengths: 2...4)
        }
        return own.block(norm: 1) + window.block(norm: 1) + sentence.block(norm: 1)
    }
}

/// Measures of an entity, always in the same order.
private struct Measures {
    private(set) var values: [Double] = []

    private mutating func add(_ value: Double) { values.append(value) }
    private mutating func add(_ holds: Bool) { values.append(holds ? 1 : 0) }

    mutating func addName(_ name: [Unicode.Scalar], _ role: AdverseEventRole) {
        add(role == .drug)
        add(log(Double(name.count + 1)))
        let search = ScalarSearch(name)
        for kind in AdverseEventCues.kinds { add(!search.places(of: kind).isEmpty) }
        add(name.contains { (0x41...0x7A).contains($0.value) })
        add(name.allSatisfy { (0x30A1...0x30FC).contains($0.value) })
    }

    mutating func addPlaces(_ occurrences: [CleanedRange], _ index: ReportIndex) {
        let length = Double(max(index.scalars.count, 1))
        let first = occurrences.first?.start ?? 0
        let last = occurrences.last?.start ?? 0
        add(log(Double(occurrences.count + 1)))
        add(occurrences.count > 1)
        add(Double(first) / length)
        add(Double(last) / length)
        add(log(length))
        let sentence = index.sentence(at: first)
        add(sentence == 0)
        add(index.sentence(at: last) >= index.sentences.count - 2)
        add(index.firstDose != nil)
        let dose = index.firstDose ?? index.scalars.count
        add(first > dose)
        add(last > dose)
        add(max(-1, min(1, Double(first - dose) / 200)))
        add(Double(occurrences.count { $0.start > dose }) / Double(max(occurrences.count, 1)))
        // Distances to drugs: the nearest over all occurrences, and that of the first one.
        for places in [index.drugs, index.blamedDrugs] {
            let before = occurrences.map { place in
                places.last { $0.end <= place.start }.map { place.start - $0.end } ?? 400
            }
            let after = occurrences.map { place in
                places.first { $0.start >= place.end }.map { $0.start - place.end } ?? 400
            }
            for distances in [before, after] {
                add(log(Double((distances.min() ?? 400) + 1)))
                add(log(Double((distances.first ?? 400) + 1)))
                add((distances.min() ?? 400) < 6)
            }
            add(occurrences.contains { own in places.contains { overlap(own, $0) } })
            add(log(Double(places.count + 1)))
        }
        add(index.drugs.isEmpty)
        add(index.blamedDrugs.isEmpty)
    }

    mutating func addCues(_ occurrences: [CleanedRange], _ index: ReportIndex) {
        let total = index.scalars.count
        let numbers = Set(occurrences.map { index.sentence(at: $0.start) })
        let own = numbers.map { index.sentences[$0] }
        let previous = Set(numbers.map { $0 - 1 }).subtracting(numbers).filter { $0 >= 0 }
            .map { index.sentences[$0] }
        let next = Set(numbers.map { $0 + 1 }).subtracting(numbers)
            .filter { $0 < index.sentences.count }.map { index.sentences[$0] }
        let before = occurrences.map {
            CleanedRange(start: max(0, $0.start - 30), end: $0.start)
        }
        let after = occurrences.map {
            CleanedRange(start: $0.end, end: min(total, $0.end + 30))
        }
        for cue in index.cuePlaces.indices {
            for ranges in [own, previous, next, before, after] {
                add(ranges.contains { index.count(cue: cue, in: $0) > 0 })
            }
            add(log(Double(index.cuePlaces[cue].count + 1)))
        }
    }

    private func overlap(_ a: CleanedRange, _ b: CleanedRange) -> Bool {
        a.start < b.end && b.start < a.end
    }
}

// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import ResultStore

/// A text with labelled places, as tools for annotation show it: with line feeds only.
package struct AnnotatedText: Hashable, Sendable {
    /// A labelled place, in Unicode scalars.
    package struct Span: Hashable, Sendable {
        /// Where it is.
        package var range: SourceRange
        /// `disease`, `drug`, `dose`, or another label of the tool.
        package var label: String
        /// How sure the text is of it; nil where nobody says.
        package var certainty: String?
        /// Standard name and ICD-10 codes that were found for it.
        package var standardName, icd10: String?
        /// Probability that the model gave it; nil for a person's.
        package var score: Double?

        /// A place.
        package init(range: SourceRange, label: String, certainty: String? = nil) {
            (self.range, self.label, self.certainty) = (range, label, certainty)
        }

        /// Whether two places are the same, whoever found them.
        func isSame(as other: Span) -> Bool { range == other.range && label == other.label }
    }

    /// Two places that belong together.
    package struct Relation: Hashable, Sendable {
        /// Indices of the two spans.
        package var from, to: Int
        /// `CAUSED` from a drug to a reaction, or another type of the tool.
        package var type: String
    }

    /// The document's row, as text; nil where nobody says. It is the name that a tool keeps.
    package var document: String?
    /// The text.
    package var scalars: [Unicode.Scalar]
    /// What its line ends were.
    package var lineEnds = LineEnds()
    /// Labelled places.
    package var spans: [Span] = []
    /// What belongs together.
    package var relations: [Relation] = []
    /// The model that found them; nil for a person's.
    package var model: String?

    /// The text as a string.
    package var text: String { string(scalars[...]) }

    /// A text without labels.
    package init(_ scalars: [Unicode.Scalar], document: String? = nil) {
        (self.scalars, self.document) = (scalars, document)
    }

    /// A recorded document, with pairs of level 2 and above as relations.
    package init(_ stored: StoredDocument) {
        let (scalars, ends) = LineEnds.removed(from: stored.text)
        self.init(scalars, document: String(stored.id))
        lineEnds = ends
        model = "\(stored.maker.name)@\(stored.maker.version)"
        var places: [Int64: Int] = [:]
        for mention in stored.mentions where mention.range.count > 0 {
            let range = SourceRange(
                start: ends.offset(ofSource: mention.range.start),
                end: ends.offset(ofSource: mention.range.end))
            guard range.count > 0, range.end <= scalars.count else { continue }
            places[mention.id] = spans.count
            // Doses have no certainty of their own.
            var span = Span(
                range: range, label: mention.type,
                certainty: mention.type == "dose" ? nil : mention.certainty)
            span.standardName = mention.standardName
            span.icd10 = mention.icd10
            span.score = mention.score
            spans.append(span)
        }
        relations = stored.pairs.filter { $0.level >= 2 }.compactMap { pair in
            guard let from = places[pair.drug], let to = places[pair.disease] else { return nil }
            return Relation(from: from, to: to, type: "CAUSED")
        }
    }

    /// Takes the white space and the line ends of the text that a tool was given, if it is the same but for white
    /// space in place of line feeds, and at its end: WebAnno's table leaves out what lies between sentences.
    mutating func takeWhiteSpace(of given: AnnotatedText) {
        guard given.scalars.count >= scalars.count,
            given.scalars.dropFirst(scalars.count).allSatisfy(\.properties.isWhitespace),
            zip(scalars, given.scalars).allSatisfy({
                $0 == $1 || $0 == "\n" && $1.properties.isWhitespace
            })
        else { return }
        (scalars, lineEnds) = (given.scalars, given.lineEnds)
    }

    /// The characters of a span, which must lie in the text.
    func surface(_ range: SourceRange) -> String { string(scalars[range.start..<range.end]) }
}

/// A string of scalars as they are.
func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
}

/// Whether two texts have the same scalars; `==` of strings takes か with a voicing mark for が.
func isSame(_ left: String, _ right: String) -> Bool {
    left.unicodeScalars.elementsEqual(right.unicodeScalars)
}

/// The places of a text's scalars in UTF-16 units, which some tools count.
struct UnitOffsets {
    /// The offset in units of each scalar, and of the end.
    private let starts: [Int]

    init(of scalars: [Unicode.Scalar]) {
        var starts = [0]
        starts.reserveCapacity(scalars.count + 1)
        for scalar in scalars { starts.append((starts.last ?? 0) + UTF16.width(scalar)) }
        self.starts = starts
    }

    /// The offset in units of a scalar's.
    func units(of offset: Int) -> Int { starts[min(offset, starts.count - 1)] }

    /// The scalar that begins at a unit, or the end; nil within a pair of surrogates and outside the text.
    func scalar(at unit: Int) -> Int? {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < unit { low = middle + 1 } else { high = middle }
        }
        return low < starts.count && starts[low] == unit ? low : nil
    }
}

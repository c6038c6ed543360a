// SPDX-License-Identifier: Apache-2.0
package import Faults

extension LabelledDataError: Explained {
    /// The file and line, and what is expected there; never the row's text.
    package var explanation: String {
        switch self {
        case .unreadable(let file, let detail): "\(file): \(detail)"
        case .unknownKind(let file): "\(file): data is .jsonl, .csv, .tsv or .txt"
        case .missingColumn(let file, let column): "\(file) has no column \(column)"
        case .repeatedColumn(let place, let column):
            "\(place.words): the column \(column) stands twice"
        case .repeatedField(let place, let field):
            "\(place.words): \(field) stands twice; which one counts is not known"
        case .malformed(let place): "\(place.words): not a row of data"
        case .field(let place, let field):
            "\(place.words): \(field) is missing, or not what it must be"
        case .unknownLabel(let place, let known):
            "\(place.words): a label that the recipe does not name; it names "
                + known.joined(separator: ", ")
        case .overlappingSpans(let place): "\(place.words): two spans overlap"
        case .tooLong(let place, let tokens, let limit):
            "\(place.words): the two texts have \(tokens) tokens, and the context is \(limit); "
                + "shorten them or raise trunk.context"
        case .noRows(let head, let part): "the head \(head) has no rows for \(part)"
        }
    }

    /// The data are at fault.
    package var disposition: Disposition { .badData }
}

extension RowPlace {
    /// The place as a sentence names it.
    fileprivate var words: String { "\(file), line \(line)" }
}

import Recipes

extension CommandFailure {
    /// The sentence for data that heads cannot learn from.
    static func explain(_ error: LabelledDataError) -> CommandFailure {
        func at(_ place: RowPlace) -> String { "\(place.file), line \(place.line)" }
        func list(_ labels: [String]) -> String { labels.joined(separator: ", ") }
        switch error {
        case .unreadable(let file):
            return CommandFailure(Code.badData, "\(file) is not UTF-8")
        case .unknownKind(let file):
            return CommandFailure(Code.badData, "\(file): data is .jsonl or .csv")
        case .missingColumn(let file, let column):
            return CommandFailure(Code.badData, "\(file) has no column \(column)")
        case .malformed(let place):
            return CommandFailure(Code.badData, "\(at(place)): not a row of data")
        case .field(let place, let field):
            return CommandFailure(
                Code.badData, "\(at(place)): \(field) is missing, or not what it must be")
        case .unknownLabel(let place, let known):
            return CommandFailure(
                Code.badData,
                "\(at(place)): a label that the recipe does not name; it names \(list(known))")
        case .overlappingSpans(let place):
            return CommandFailure(Code.badData, "\(at(place)): two spans overlap")
        case .tooLong(let place, let tokens, let limit):
            return CommandFailure(
                Code.badData,
                "\(at(place)): the two texts have \(tokens) tokens, and the context is \(limit); "
                    + "shorten them or raise trunk.context")
        case .noRows(let head, let part):
            return CommandFailure(
                Code.badData, "the head \(head) has no rows for \(part)")
        }
    }
}

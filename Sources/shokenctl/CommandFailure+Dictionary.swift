import DocumentPipeline
import JapaneseText
import Terminology

extension CommandFailure {
    /// The sentence for dictionaries of MeCab that cannot be loaded or made.
    static func explain(_ error: MorphologyError) -> CommandFailure {
        let code =
            switch error {
            case .noTerms: Code.badData
            case .malformedDictionary, .foreignDictionary: Code.badData
            case .temporaryFolder: Code.cannotCreate
            case .compilation: Code.software
            default: Code.unavailable
            }
        return CommandFailure(code, ModelFault.explain(error))
    }

    /// The sentence for a list of terms that cannot be read.
    static func explain(_ error: TermFileError) -> CommandFailure {
        let sentence =
            switch error {
            case .empty(let file): "\(file): there is no row"
            case .undecodable(let file, let line, let offset):
                "\(file):\(line): byte \(offset) is not valid in the encoding that the file seems to be in"
            case .binary(let file, let line, let offset):
                "\(file):\(line): a control character at byte \(offset): this is not a text file"
            case .unknownFormat(let file):
                "\(file):1: the first line names the columns of no layout known here; say which with "
                    + "--format (" + TermFileFormat.allCases.map(\.rawValue).joined(separator: ", ")
                    + ")"
            case .missingColumn(let file, let column):
                "\(file):1: the column \(column) is missing"
            case .rowTooLong(let file, let line, let limit):
                "\(file):\(line): the row is longer than \(limit) bytes"
            case .quotation(let file, let line, let column):
                "\(file):\(line): the quotation mark of field \(column) is not closed, or something "
                    + "follows the closing one"
            case .fieldCount(let file, let line, let expected, let found):
                "\(file):\(line): the row has \(found) fields, at least \(expected) are needed"
            case .value(let file, let line, let column, let name, let allowed):
                "\(file):\(line): field \(column) (\(name)) must be \(allowed)"
            }
        return CommandFailure(Code.badData, sentence)
    }
}

// SPDX-License-Identifier: Apache-2.0
package import Faults
import TOMLFiles

extension CurationError: Explained {
    /// The file or source, and what is expected there.
    package var explanation: String {
        switch self {
        case .settings(let fault, let file): "\(file)\(Self.words(fault))"
        case .wordList(let file): "\(file) is no list of words in UTF-8, one a line"
        case .source(let name, let flaw): "the source \(name) \(flaw)"
        case .otherRun(let folder, let difference):
            "\(folder) holds a corpus made otherwise (\(difference) differs); "
                + "name another folder, or remove this one"
        case .changed(let file):
            "\(file) changed since the run began; begin anew in another folder"
        case .damaged(let file):
            "\(file), which an earlier part of the run wrote, is damaged; remove the folder's "
                + "work and begin anew"
        case .noManifest(let file): "\(file) is no manifest of a corpus"
        case .exists(let file): "\(file) is there already; name another file, or remove it"
        case .corpus(let folder, let flaw): "\(folder) \(flaw)"
        case .tooMany(let documents, let limit):
            "\(documents) documents are more than the \(limit) of one run; divide the sources"
        }
    }

    /// The settings are at fault, or what they name.
    package var disposition: Disposition {
        switch self {
        case .settings, .source: .configuration
        case .wordList: .noInput
        case .otherRun: .usage
        case .exists: .cannotCreate
        case .changed, .damaged, .corpus, .noManifest, .tooMany: .badData
        }
    }

    private static func words(_ fault: TOMLFault) -> String {
        switch fault {
        case .syntax(let line, _, let reason): ", line \(line): \(reason)"
        case .unknownKey(let key, let nearest):
            ": the key \(key) means nothing; "
                + (nearest.map { "did you mean \($0)?" } ?? "remove it")
        case .missingKey(let key): ": the key \(key) is missing"
        case .wrongType(let key, _, let expected, let found):
            ": \(key) must be \(expected), not \(found)"
        case .outOfRange(let key, let value, _, let expected):
            ": \(key) must be \(expected), not \(value)"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
import Foundation

/// An error that explains itself, or else the one sentence that can be said of it.
package func explained(_ error: any Error) -> any Explained {
    error as? any Explained ?? UnexplainedError(error)
}

/// What is said of an error of a library that no part of the program has turned into one of its own.
package struct UnexplainedError: Explained {
    /// The library or module whose error it is, the error's type and what it says of itself.
    package let explanation: String
    /// That nobody saw the error coming is a fault of the program.
    package var disposition: Disposition { .software }

    /// Explains an error; where it names a file, so does the sentence.
    package init(_ error: any Error) {
        let type = String(reflecting: Swift.type(of: error))
        let part = type.prefix { $0 != "." }
        let file = (error as? CocoaError)?.filePath.map { " at \($0)" } ?? ""
        let detail = error.localizedDescription.trimmingCharacters(in: ["."])
        explanation = "a fault in \(part)\(file) that nobody foresaw: \(detail) (\(type))"
    }
}

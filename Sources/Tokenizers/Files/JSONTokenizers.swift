// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

/// Chooses, for a `tokenizer.json`, the tokenizer that carries it out.
package enum JSONTokenizers {
    /// Reads a file.
    ///
    /// Throws `TokenizerError` or `FileError`.
    package static func tokenizer(at url: URL) throws -> any TextTokenizer {
        let json = try DiskFiles().read(
            FilePath(url.resolvingSymlinksInPath()), maximumBytes: UnigramTokenizer.fileByteLimit)
        return try tokenizer(in: json, name: url.lastPathComponent)
    }

    /// Reads the bytes of a file; `name` goes into the errors.
    ///
    /// A file of the kind that Shoken trains is read as `UnigramTokenizer`, which is faster; every
    /// other one as its parts say. Throws `TokenizerError`.
    package static func tokenizer(in json: Data, name: String) throws -> any TextTokenizer {
        let tokenizer = try PipelineFile.tokenizer(in: json, name: name)
        if tokenizer.mayBeUnigramTokenizer,
            let unigram = try? UnigramTokenizer(json: json, name: name)
        {
            return unigram
        }
        return tokenizer
    }
}

extension PipelineTokenizer {
    /// Whether it is worth trying to read the file as a `UnigramTokenizer`.
    fileprivate var mayBeUnigramTokenizer: Bool {
        guard parts.model is UnigramModel, parts.normalizers.isEmpty,
            parts.preTokenizers.count == 1, case .metaspace = parts.preTokenizers[0]
        else { return false }
        return true
    }
}

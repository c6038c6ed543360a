// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation

/// The identity of a MeCab system dictionary.
enum SystemDictionary {
    /// The files that decide how words are cut.
    private static let files = ["sys.dic", "unk.dic", "char.bin", "matrix.bin"]

    /// The SHA-256 of the list of the files' SHA-256, in hexadecimal; throws `FileError`.
    ///
    /// Costs a reading of the whole dictionary: 50 MB for IPADIC.
    static func digest(_ directory: String) throws(FileError) -> String {
        var list = ""
        for name in files {
            let file = URL(filePath: directory).appending(path: name).resolvingSymlinksInPath()
            list += try ContentDigest(ofFile: FilePath(file)).hexadecimal + "\n"
        }
        return ContentDigest(of: Data(list.utf8)).hexadecimal
    }
}

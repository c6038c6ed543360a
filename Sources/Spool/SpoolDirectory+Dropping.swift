// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import DurableFiles
package import Foundation

extension SpoolDirectory {
    /// Drops a file as a producer would, on the disk before it is seen, under a name that none has had: what
    /// has the name and bytes of an earlier file counts as that file.
    package func drop(
        _ content: Data, kind: DocumentKind, ending: String, triggering: Bool, at now: Date = Date()
    ) throws(FileError) {
        let mark = String(UInt64.random(in: .min ... .max), radix: 36)
        let bytes = Array("\(DayName(now).text)-\(mark)-\(ending)".utf8)
        guard let name = FileName(bytes: bytes) else {
            throw FileError(.write, incoming(kind), errno: EINVAL)
        }
        let path = incoming(kind).appending(name)
        try files.write(content, to: path)
        if triggering { try makeTrigger(of: path) }
    }
}

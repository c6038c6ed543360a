// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

/// The directory that a run works in, for one process at a time.
///
/// Below it: `work/` with what a run needs to go on, `log.jsonl`, `run.json` with what the run is
/// made from, and `report.html`.
package final class RunDirectory {
    /// The directory.
    package let url: URL
    /// The log.
    package let log: RunLog
    private let lock: InstanceLock

    /// Takes the directory, or makes it.
    ///
    /// Throws ``TrainingError/inUse(directory:)`` while another process has it, or `FileError`.
    package init(_ url: URL) throws {
        self.url = url
        try DiskFiles().makeDirectory(FilePath(Self.work(url)))
        do {
            lock = try InstanceLock(FilePath(Self.work(url).appending(path: "lock")))
        } catch let error where error.isHeld {
            throw TrainingError.inUse(directory: FilePath(url).description)
        }
        log = try RunLog(Self.log(url))
    }

    /// Whether no process has a directory that a run has worked in.
    ///
    /// Throws `FileError` where there is no run.
    package static func isFree(_ url: URL) throws -> Bool {
        let file = FilePath(work(url).appending(path: "lock"))
        guard try DiskFiles().facts(of: file) != nil else { return true }
        do {
            _ = try InstanceLock(file)
            return true
        } catch let error where error.isHeld {
            return false
        }
    }

    /// Where what a run needs to go on is.
    package var work: URL { Self.work(url) }
    /// Where its checkpoints are.
    package var checkpoints: URL { work.appending(path: "checkpoints") }

    /// The log of the run in a directory.
    package static func log(_ url: URL) -> URL { url.appending(path: "log.jsonl") }
    /// What the run in a directory is made from.
    package static func facts(_ url: URL) -> URL { url.appending(path: "run.json") }
    /// The report on the run in a directory.
    package static func report(_ url: URL) -> URL { url.appending(path: "report.html") }
    private static func work(_ url: URL) -> URL { url.appending(path: "work") }
}

extension FileError {
    /// Whether it says that another process holds a lock.
    fileprivate var isHeld: Bool { operation == .lock && symbol == "EAGAIN" }
}

// SPDX-License-Identifier: Apache-2.0
package import Spool

/// What was told of files that have long been passed over, so that it is told once.
package struct UnreadNews: Sendable {
    private var told: [String: Int] = [:]

    /// Nothing was told.
    package init() {}

    /// Those that are news: some have waited for long in a folder that had none, or twice as many as were told.
    package mutating func of(_ found: [UnreadFiles]) -> [UnreadFiles] {
        func key(_ files: UnreadFiles) -> String { "\(files.cause.rawValue) \(files.folder)" }
        let overdue = found.filter { $0.overdue > 0 }
        let news = overdue.filter { $0.overdue >= 2 * (told[key($0)] ?? 0) }
        let present = Set(overdue.map(key))
        told = told.filter { present.contains($0.key) }
        for files in news { told[key(files)] = files.overdue }
        return news
    }
}

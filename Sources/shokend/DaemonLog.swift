// SPDX-License-Identifier: Apache-2.0
import Configuration
import DocumentPipeline
import Foundation

/// Lines on standard error: for journald with a priority in front, elsewhere with the time.
struct DaemonLog: Sendable {
    private let level: DaemonEvent.Severity
    private let showsNames: Bool
    /// systemd sets it where standard error goes to the journal (systemd.exec(5)).
    private let isJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil

    init(level: DaemonEvent.Severity, showsNames: Bool) {
        self.level = level
        self.showsNames = showsNames
    }

    /// Writes an event if the level lets it pass.
    func callAsFunction(_ event: DaemonEvent) {
        write(event.line(showingNames: showsNames), severity: event.severity)
    }

    /// Writes one line; `<N>` is the priority as sd-daemon(3) defines it.
    func write(_ line: String, severity: DaemonEvent.Severity) {
        guard severity <= level else { return }
        let prefix =
            isJournal
            ? "<\(severity.rawValue)>" : "\(Date().formatted(.iso8601)) \(severity.word): "
        // One write a line, so that lines of two threads do not mix. A log that nobody reads any
        // more stops no document.
        try? FileHandle.standardError.write(contentsOf: Data("\(prefix)\(line)\n".utf8))
    }
}

extension DaemonEvent.Severity {
    fileprivate var word: String {
        switch self {
        case .error: "error"
        case .warning: "warning"
        case .information: "info"
        case .debug: "debug"
        }
    }
}

extension ServiceConfiguration.LogLevel {
    /// The least severe event that this level lets pass.
    var severity: DaemonEvent.Severity {
        switch self {
        case .error: .error
        case .warning: .warning
        case .info: .information
        case .debug: .debug
        }
    }
}

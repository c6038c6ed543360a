import Foundation
import Testing

/// The programs of this build, which lie beside the tests.
enum Programs {
    static func url(_ name: String) throws -> URL {
        let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let url = folder.appending(path: name)
        try #require(FileManager.default.isExecutableFile(atPath: url.path(percentEncoded: false)))
        return url
    }

    /// Runs a program to its end, on the text of a file: exit code, standard output, standard
    /// error.
    static func run(
        _ name: String, _ arguments: [String], in folder: URL? = nil, input: URL? = nil
    ) throws -> (code: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = try url(name)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        if let input { process.standardInput = try FileHandle(forReadingFrom: input) }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Both are short, so one after the other cannot fill a pipe.
        let texts = [output, errors].map {
            String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        process.waitUntilExit()
        return (process.terminationStatus, texts[0], texts[1])
    }
}

/// A directory that goes with the test.
final class TemporaryFolder {
    let url: URL
    var path: String { url.path(percentEncoded: false) }

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "shoken-end-\(UInt64.random(in: .min ... .max))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url.appending(path: name))
    }
}

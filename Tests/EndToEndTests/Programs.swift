// SPDX-License-Identifier: Apache-2.0
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

    /// Starts a program that says nothing here.
    static func start(_ name: String, _ arguments: [String], in folder: URL) throws -> Process {
        let process = Process()
        process.executableURL = try url(name)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Runs a program to its end, on the text of a file, with more in its environment: exit code,
    /// standard output, standard error.
    static func run(
        _ name: String, _ arguments: [String], in folder: URL? = nil, input: URL? = nil,
        environment: [String: String] = [:]
    ) throws -> (code: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = try url(name)
        process.arguments = arguments
        if !environment.isEmpty {
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        }
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

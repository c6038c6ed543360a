// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import TestSupport
import Testing

/// The page of a program of its own, asked over a socket.
struct ReviewedPage {
    struct Document: Decodable {
        struct Mention: Decodable {
            let entity: Int
            let verdict: String
        }
        let mentions: [Mention]
    }

    private let process: Process
    private let folder: TemporaryFolder
    private let port: UInt16
    private let key: String

    init(in folder: TemporaryFolder, reviewer: String, config: String = "shoken.toml") throws {
        self.folder = folder
        process = Process()
        process.executableURL = try Programs.url("shokenctl")
        process.arguments = [
            "review", "--reviewer", reviewer, "--queue", "all", "--config", config,
            "--idle-minutes", "5",
        ]
        process.currentDirectoryURL = folder.url
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let parts = said.split(separator: "/")
        try #require(parts.count == 4, "\(said)")
        #expect(parts[1].hasPrefix("127.0.0.1:"))
        port = try #require(parts[1].split(separator: ":").last.flatMap { UInt16($0) })
        key = String(parts[2])
    }

    /// What a request gets: the code, and the body.
    private func ask(
        _ path: String, by method: String = "GET", key: String? = nil, host: String? = nil,
        body: String = ""
    ) throws -> (code: Int?, body: Substring) {
        let request = """
            \(method) /\(key ?? self.key)/\(path) HTTP/1.1\r
            Host: \(host ?? "127.0.0.1:\(port)")\r
            Content-Type: application/json\r
            Content-Length: \(body.utf8.count)\r
            Connection: close\r
            \r
            \(body)
            """
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(file >= 0)
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafeBytes(of: &address) { bytes in
            connect(
                file, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count))
        }
        try #require(connected == 0)
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // A body that is too long is not read to its end.
            guard sent > 0 else { break }
            rest = rest.dropFirst(sent)
        }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(file, &piece, piece.count, 0)
            guard count > 0 else { break }
            answer += piece[..<count]
        }
        let text = String(decoding: answer, as: UTF8.self)
        let head = text.split(separator: " ", maxSplits: 2)
        let body = text.range(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? ""
        return (head.count > 1 ? Int(head[1]) : nil, body)
    }

    func document(_ row: Int) throws -> Document {
        try JSONDecoder().decode(Document.self, from: Data(ask("documents/\(row)").body.utf8))
    }

    /// The code that a request ends with.
    func status(_ path: String, key: String? = nil, host: String? = nil) throws -> Int? {
        try ask(path, key: key, host: host).code
    }

    /// The code that an action in a document ends with.
    func post(_ body: String, to row: Int) throws -> Int? {
        try ask("documents/\(row)", by: "POST", body: body).code
    }

    /// The addresses that the program listens on, as the kernel says.
    func addresses() throws -> [String] {
        let descriptors = "/proc/\(process.processIdentifier)/fd"
        let sockets = Set(
            try FileManager.default.contentsOfDirectory(atPath: descriptors).compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\($0)")
            })
        var found: [String] = []
        for table in ["tcp", "tcp6"] {
            let text = try String(contentsOfFile: "/proc/net/\(table)", encoding: .utf8)
            for line in text.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                // 0A: it listens.
                guard fields[3] == "0A", sockets.contains("socket:[\(fields[9])]") else { continue }
                found.append(String(fields[1].prefix { $0 != ":" }))
            }
        }
        let names = [
            "0100007F": "127.0.0.1", "00000000000000000000000001000000": "::1",
        ]
        return found.map { names[$0] ?? $0 }
    }

    /// Ends the program as Ctrl-C does; gives its code.
    @discardableResult
    func stop() -> Int32 {
        process.interrupt()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

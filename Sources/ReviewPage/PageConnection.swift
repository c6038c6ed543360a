// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// One connection of a browser: a request is read, answered, and the connection closed (HTTP/1.1, RFC 9112).
struct PageConnection {
    private let descriptor: Int32
    private let deadline: ContinuousClock.Instant

    /// Bytes of a request's line and headers.
    private static let headLimit = 16 << 10
    /// Time for a whole request: one that never ends does not hold a place for ever.
    private static let timeLimit = Duration.seconds(20)

    /// A connection that was accepted; who made it closes it.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        deadline = ContinuousClock.now + Self.timeLimit
        var wait = timeval(tv_sec: 5, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(
                descriptor, SOL_SOCKET, option, &wait, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// Reads the request and sends what `respond` answers; nothing to one that is cut off.
    func answer(_ respond: (PageRequest) -> PageResponse) {
        guard let (head, rest) = readHead() else { return }
        guard let request = RequestHead(head) else {
            send(PageResponse(status: 400))
            return
        }
        var page = PageRequest(
            method: request.method, path: request.path, host: request.headers["host"],
            origin: request.headers["origin"], contentType: request.headers["content-type"],
            language: request.headers["accept-language"], body: nil)
        if let length = request.bodyLength, length <= PageRequest.bodyLimit {
            if request.headers["expect"]?.lowercased() == "100-continue", rest.count < length {
                send(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8))
            }
            guard let body = readBody(after: rest, length) else { return }
            page.body = body
        }
        send(respond(page))
        drain()
    }

    // MARK: Reading

    /// The line and headers of a request, and what came behind them; nil if they do not come in time or are
    /// too long.
    private func readHead() -> (head: Data, rest: Data)? {
        var bytes = Data()
        while bytes.count <= Self.headLimit {
            if let end = bytes.range(of: Data("\r\n\r\n".utf8)) {
                return (bytes[..<end.lowerBound], Data(bytes[end.upperBound...]))
            }
            guard let more = receive() else { return nil }
            bytes += more
        }
        send(PageResponse(status: 431))
        return nil
    }

    private func readBody(after first: Data, _ length: Int) -> Data? {
        var body = first
        while body.count < length {
            guard let more = receive() else { return nil }
            body += more
        }
        return Data(body.prefix(length))
    }

    /// What comes next; nil at the end, at a fault, or past the time.
    private func receive() -> Data? {
        guard ContinuousClock.now < deadline else { return nil }
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { return Data(buffer[..<count]) }
            guard count < 0, errno == EINTR else { return nil }
        }
    }

    /// Reads on for a moment after the answer: closing with bytes unread would take the answer back.
    private func drain() {
        shutdown(descriptor, Int32(SHUT_WR))
        var wait = timeval(tv_sec: 0, tv_usec: 200_000)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        for _ in 0..<64 { if receive() == nil { return } }
    }

    // MARK: Writing

    private func send(_ answer: PageResponse) {
        var head = "HTTP/1.1 \(answer.status) \(answer.status)\r\n"
        for (name, value) in PageResponse.headers { head += "\(name): \(value)\r\n" }
        if let type = answer.contentType { head += "Content-Type: \(type)\r\n" }
        if let location = answer.location { head += "Location: \(location)\r\n" }
        head += "Content-Length: \(answer.body.count)\r\nConnection: close\r\n\r\n"
        send(Data(head.utf8) + answer.body)
    }

    private func send(_ bytes: Data) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// The line and the headers of a request.
struct RequestHead {
    let method: String
    /// The path without its query.
    let path: String
    /// By names in small letters.
    private(set) var headers: [String: String] = [:]

    /// nil for what is no request of HTTP/1, or tells a header twice that must be there once.
    init?(_ head: Data) {
        guard let text = String(validating: head, as: UTF8.self) else { return nil }
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/1."), words[1].hasPrefix("/") else {
            return nil
        }
        method = String(words[0])
        path = String(words[1].prefix { $0 != "?" && $0 != "#" })
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return nil }
            let name = line[..<colon].lowercased()
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            guard name.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else { return nil }
            guard headers.updateValue(value, forKey: name) == nil || name.hasPrefix("accept")
            else { return nil }
        }
    }

    /// Bytes of the body; nil where they are not told.
    var bodyLength: Int? {
        guard headers["transfer-encoding"] == nil else { return nil }
        guard let stated = headers["content-length"] else { return method == "POST" ? nil : 0 }
        guard stated.count <= 12, stated.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return nil
        }
        return Int(stated)
    }
}

// SPDX-License-Identifier: Apache-2.0
import FlyingFox
import FlyingSocks
import Foundation
import Glibc

/// The page on the loopback addresses of this machine, and on no other.
package struct ReviewServer: Sendable {
    private let session: ReviewSession

    /// A server for one session.
    package init(_ session: ReviewSession) { self.session = session }

    private var handler: SessionHandler { SessionHandler(session: session) }

    /// What a server tells of itself.
    private enum Event: Sendable {
        case listening
        case ended(any Error)
    }

    /// Serves on a port of 127.0.0.1 and, where the machine has IPv6, of ::1, until the task is cancelled.
    ///
    /// Port 0 stands for any that is free. `begun` is told the address once requests are taken. Throws
    /// ``ReviewServerError``.
    package func run(port: UInt16, begun: @escaping @Sendable (String) -> Void) async throws {
        let first = HTTPServer(
            config: try configuration(ip4: "127.0.0.1", port: port), handler: handler)
        try await withThrowingTaskGroup(of: Event.self) { group in
            defer { group.cancelAll() }
            group.addTask { await ended(of: first) }
            group.addTask { try await listening(first) }
            if case .ended(let error)? = try await group.next() {
                throw ReviewServerError(error, port)
            }
            guard case .ip4(_, let chosen)? = await first.listeningAddress else {
                throw ReviewServerError.cannotListen(
                    port: port, reason: "the socket has no address")
            }
            group.addTask { await endedBesides(on: chosen) }
            begun("http://127.0.0.1:\(chosen)/\(session.key.digits)/")
            if case .ended(let error)? = try await group.next(), !Task.isCancelled {
                throw ReviewServerError(error, chosen)
            }
        }
    }

    private func ended(of server: HTTPServer) async -> Event {
        do {
            try await server.run()
            return .ended(CancellationError())
        } catch {
            return .ended(error)
        }
    }

    private func listening(_ server: HTTPServer) async throws -> Event {
        try await server.waitUntilListening(timeout: 10)
        return .listening
    }

    /// The second address, which a machine may lack; without it the first one serves alone.
    private func endedBesides(on port: UInt16) async -> Event {
        do {
            let second = HTTPServer(
                config: try configuration(ip6: "::1", port: port), handler: handler)
            try await second.run()
            return .ended(CancellationError())
        } catch let SocketError.failed(_, errno, _)
            where [EADDRNOTAVAIL, EAFNOSUPPORT, EADDRINUSE].contains(errno)
        {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
            return .ended(CancellationError())
        } catch {
            return .ended(error)
        }
    }

    private func configuration(ip4: String, port: UInt16) throws -> HTTPServer.Configuration {
        configuration(try sockaddr_in.inet(ip4: ip4, port: port))
    }

    private func configuration(ip6: String, port: UInt16) throws -> HTTPServer.Configuration {
        configuration(try sockaddr_in6.inet6(ip6: ip6, port: port))
    }

    /// Nothing is logged: a request's path holds the key.
    private func configuration(_ address: some SocketAddress) -> HTTPServer.Configuration {
        HTTPServer.Configuration(
            address: address, timeout: 30, sharedRequestReplaySize: PageRequest.bodyLimit,
            logger: .disabled)
    }
}

/// Hands each request to the session and dresses what it answers.
private struct SessionHandler: HTTPHandler {
    let session: ReviewSession

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        let answer = session.respond(
            to: PageRequest(
                method: request.method.rawValue, path: request.target.path(),
                host: request.headers[.host], origin: request.headers[HTTPHeader("Origin")],
                contentType: request.headers[.contentType],
                language: request.headers[HTTPHeader("Accept-Language")],
                body: try await body(of: request)))
        var headers = HTTPHeaders()
        for (name, value) in PageResponse.headers { headers[HTTPHeader(name)] = value }
        if let type = answer.contentType { headers[.contentType] = type }
        if let location = answer.location { headers[HTTPHeader("Location")] = location }
        // What is left of a body that is too long is never read.
        if answer.status == 413 { headers[.connection] = "close" }
        return HTTPResponse(
            statusCode: HTTPStatusCode(answer.status, phrase: ""), headers: headers,
            body: answer.body)
    }

    private func body(of request: HTTPRequest) async throws -> Data? {
        guard let count = request.bodySequence.count, count <= PageRequest.bodyLimit else {
            return nil
        }
        return try await request.bodyData
    }
}

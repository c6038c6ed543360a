// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Synchronization

/// The page on the loopback addresses of this machine, and on no other.
///
/// Written here because the libraries that serve HTTP bring a client along, with libcurl or a stack of their
/// own, and the page needs one request a connection. Nothing is logged: a request's path holds the key.
package struct ReviewServer: Sendable {
    private let session: ReviewSession

    /// Connections that are answered at once; others are closed.
    private static let mostConnections = 32

    /// A server for one session.
    package init(_ session: ReviewSession) { self.session = session }

    /// Serves on a port of 127.0.0.1 and, where the machine has IPv6, of ::1, until `isOver`, which is asked
    /// ten times a second; requests that are in hand then do not hold it.
    ///
    /// Port 0 stands for any that is free. `begun` is told the address once requests are taken.
    package func run(
        port: UInt16, until isOver: () -> Bool, begun: (String) -> Void
    ) throws(ReviewServerError) {
        let first = try LoopbackSocket(.ip4, port: port)
        // A machine may lack the second address; without it the first one serves alone.
        let second = try? LoopbackSocket(.ip6, port: first.port)
        let listeners = [first, second].compactMap(\.self)
        var ready = listeners.map {
            pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
        }
        let open = OpenConnections()
        begun("http://127.0.0.1:\(first.port)/\(session.key.digits)/")
        while !isOver() {
            guard poll(&ready, nfds_t(ready.count), 100) > 0 else { continue }
            for listener in ready where listener.revents & Int16(POLLIN) != 0 {
                take(listener.fd, open)
            }
        }
        withExtendedLifetime(listeners) {}
    }

    /// Takes one connection, which a thread of its own answers.
    private func take(_ listener: Int32, _ open: OpenConnections) {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        guard open.begin(atMost: Self.mostConnections) else {
            close(connection)
            return
        }
        Thread.detachNewThread { [session] in
            PageConnection(connection).answer { session.respond(to: $0) }
            close(connection)
            open.end()
        }
    }
}

/// How many connections are being answered.
private final class OpenConnections: Sendable {
    private let count = Mutex(0)

    func begin(atMost limit: Int) -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func end() { count.withLock { $0 -= 1 } }
}

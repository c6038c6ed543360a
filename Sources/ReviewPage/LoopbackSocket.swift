// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A socket that listens on a loopback address of this machine, closed with its last use.
final class LoopbackSocket: Sendable {
    /// Versions of IP, each with its own loopback address.
    enum Family { case ip4, ip6 }

    let descriptor: Int32
    /// The port that it listens on.
    let port: UInt16

    /// Listens; port 0 stands for any that is free. Throws `ReviewServerError.cannotListen`.
    init(_ family: Family, port: UInt16) throws(ReviewServerError) {
        let descriptor = socket(
            family == .ip4 ? AF_INET : AF_INET6,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw Self.refusal(port) }
        var yes: Int32 = 1
        setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let isBound: Bool
        switch family {
        case .ip4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
            isBound = Self.bind(descriptor, &address)
        case .ip6:
            setsockopt(
                descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes,
                socklen_t(MemoryLayout<Int32>.size))
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            isBound = Self.bind(descriptor, &address)
        }
        var chosen = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let isNamed = withUnsafeMutablePointer(to: &chosen) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound, listen(descriptor, 16) == 0, isNamed else {
            let refusal = Self.refusal(port)
            close(descriptor)
            throw refusal
        }
        self.descriptor = descriptor
        // The port stands at the same place in both kinds of addresses.
        self.port = UInt16(bigEndian: chosen.sin6_port)
    }

    deinit { close(descriptor) }

    private static func bind<Address>(_ descriptor: Int32, _ address: inout Address) -> Bool {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) == 0
            }
        }
    }

    private static func refusal(_ port: UInt16) -> ReviewServerError {
        .cannotListen(port: port, reason: String(cString: strerror(errno)))
    }
}

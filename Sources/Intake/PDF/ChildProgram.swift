// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// A program of the system that reads one file from outside and prints what it finds.
///
/// It runs in a process group of its own under limits of processor time, memory and files, sees nothing of our
/// environment and of our open files, and is killed with all that it started at a deadline or when it prints
/// too much. It has the file as its standard input, in memory alone.
struct ChildProgram {
    /// What it is called.
    let name: String
    let arguments: [String]
    /// Seconds of processor time.
    var processorSeconds = 5
    /// Until when it has to be done.
    var deadline = Duration.seconds(10)
    /// Bytes of memory.
    var maximumMemory = 512 << 20
    /// Bytes that it may print.
    let maximumOutput: Int

    /// What a program printed, and how it ended.
    struct Result {
        let output: [UInt8]
        /// The beginning of what it said on standard error.
        let complaints: String
        /// Its exit status; nil where a signal ended it.
        let status: Int32?
    }

    private static let limiter = "/usr/bin/prlimit"
    private static let folders = ["/usr/bin", "/usr/local/bin"]
    private static let maximumComplaints = 1 << 16

    /// Where a program is installed; nil where it is not.
    static func path(of name: String) -> String? {
        folders.lazy.map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }

    /// Runs the program with a file as its input; throws `program` or `tooMuch`.
    func run(input: [UInt8]) throws(FormatFlaw) -> Result {
        guard let path = Self.path(of: name) else { throw failure("is not installed") }
        let source = try descriptor(of: input)
        defer { close(source) }
        let output = try pipe()
        let complaints: (read: Int32, write: Int32)
        do throws(FormatFlaw) {
            complaints = try pipe()
        } catch {
            close(output.read)
            close(output.write)
            throw error
        }
        let child = spawn(path, input: source, output: output.write, complaints: complaints.write)
        close(output.write)
        close(complaints.write)
        defer {
            close(output.read)
            close(complaints.read)
        }
        guard let child else { throw failure("could not be started") }
        return try finish(child, output: output.read, complaints: complaints.read)
    }

    private func failure(_ what: String) -> FormatFlaw { .program(named: name, what) }

    // MARK: Start

    /// A file in memory with these bytes, to be read from its beginning.
    private func descriptor(of bytes: [UInt8]) throws(FormatFlaw) -> Int32 {
        let descriptor = memfd_create("intake", 1)  // MFD_CLOEXEC
        guard descriptor >= 0 else { throw failure("could not be given its input") }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                close(descriptor)
                throw failure("could not be given its input")
            }
            written += count
        }
        lseek(descriptor, 0, SEEK_SET)
        return descriptor
    }

    private func pipe() throws(FormatFlaw) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw failure("could not be started") }
        return (ends[0], ends[1])
    }

    private func spawn(
        _ path: String, input: Int32, output: Int32, complaints: Int32
    ) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, complaints, 2)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // Those that a daemon ignores.
        sigaddset(&signals, SIGPIPE)
        sigaddset(&signals, SIGXFSZ)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let words =
            [
                Self.limiter, "--cpu=\(processorSeconds)", "--as=\(maximumMemory)", "--core=0",
                "--fsize=0", "--nofile=64", "--", path,
            ] + arguments
        var child: pid_t = 0
        let status = withPointers(words) { words in
            withPointers(["LC_ALL=C.UTF-8"]) { environment in
                posix_spawn(&child, Self.limiter, &actions, &attributes, words, environment)
            }
        }
        return status == 0 ? child : nil
    }

    /// Calls a function with the words as C has a list of them.
    private func withPointers(
        _ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32
    ) -> Int32 {
        let copies = words.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }

    // MARK: End

    private func finish(
        _ child: pid_t, output: Int32, complaints: Int32
    ) throws(FormatFlaw) -> Result {
        let end = ContinuousClock.now + deadline
        var isReaped = false
        defer {
            // Whatever it has started goes with it.
            kill(-child, SIGKILL)
            if !isReaped { _ = wait(for: child, options: 0) }
        }
        var (printed, said): ([UInt8], [UInt8]) = ([], [])
        var open = [output, complaints]
        while !open.isEmpty {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { throw late }
            var waiting = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let milliseconds = left.components.seconds * 1000 + 50
            let count = poll(&waiting, nfds_t(waiting.count), Int32(clamping: milliseconds))
            if count <= 0 { continue }
            for descriptor in waiting where descriptor.revents != 0 {
                let piece = read(descriptor.fd)
                if piece.isEmpty { open.removeAll { $0 == descriptor.fd } }
                if descriptor.fd == output {
                    printed += piece
                } else {
                    // More than this is read and forgotten.
                    said += piece.prefix(Self.maximumComplaints - said.count)
                }
            }
            guard printed.count <= maximumOutput else {
                throw .tooMuch(of: "bytes of text", limit: maximumOutput)
            }
        }
        while true {
            if let status = wait(for: child, options: WNOHANG) {
                isReaped = true
                return Result(
                    output: printed, complaints: String(decoding: said, as: UTF8.self),
                    // As WIFEXITED and WEXITSTATUS have it.
                    status: status & 0x7F == 0 ? status >> 8 & 0xFF : nil)
            }
            guard ContinuousClock.now < end else { throw late }
            usleep(1000)
        }
    }

    private var late: FormatFlaw {
        failure("was not done after \(deadline.components.seconds) seconds")
    }

    /// What a pipe holds; nothing at its end.
    private func read(_ descriptor: Int32) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            return count > 0 ? Array(piece[..<count]) : []
        }
    }

    /// How a child ended; nil where it has not.
    private func wait(for child: pid_t, options: Int32) -> Int32? {
        var status: Int32 = 0
        while true {
            let found = waitpid(child, &status, options)
            if found < 0, errno == EINTR { continue }
            // A child that somebody else has waited for has ended, how is not known.
            return found == child ? status : found < 0 ? SIGKILL : nil
        }
    }
}

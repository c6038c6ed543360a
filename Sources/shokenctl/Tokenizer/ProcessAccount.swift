// SPDX-License-Identifier: Apache-2.0
import CLinux
import Foundation

/// What this process takes of the machine, by the kernel's and the allocator's own account.
enum ProcessAccount {
    /// Processor time of the calling thread.
    static var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Processor time of all threads of the process.
    static var processSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Bytes that are allocated now, large ones included (mallinfo2(3)).
    static var heapBytes: Int {
        let account = shoken_mallinfo2()
        return Int(account.uordblks + account.hblkhd)
    }
}

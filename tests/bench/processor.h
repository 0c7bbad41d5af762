#pragma once
// Processor: the time that a process has spent on a processor, by the kernel's account.

#include <sys/types.h>

namespace omenia::bench {

double processor_us_of(pid_t process);  // In the system too; 0 when there is no such process.

}  // namespace omenia::bench

#pragma once
// Interrupts: Ctrl-C and TERM as something a command can wait for, while it has something to take back first.

#include "shared/base/fd.h"

namespace omenia::cli {

class Interrupts {
 public:
  Interrupts();   // From here the signals are held.
  ~Interrupts();  // They end the program again.
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  int descriptor() const { return descriptor_.get(); }  // Readable when one has come; -1 when it cannot be made.

  // Takes the signal that came and lets the next one end the program at once. 0: none came.
  int take();

 private:
  void release();
  Fd descriptor_;
};

}  // namespace omenia::cli

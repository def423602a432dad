local M = {}

---What does nothing, and why.
local function check_options()
  local problems = require('lsp_writer').problems()
  for _, problem in ipairs(problems) do
    vim.health.warn(problem.text)
  end
  if #problems == 0 then
    vim.health.ok('the options are as they should be')
  end
  local taken = require('lsp_writer').taken_keys()
  for act, key in vim.spairs(taken) do
    vim.health.info(
      ('`%s` is mapped by somebody else, so it does not %s'):format(key, require('lsp_writer').ACTS[act]:lower()),
      ('map another key to `<Plug>(lsp-writer-%s)`, or name one in `setup`'):format((act:gsub('_', '-')))
    )
  end
end

---@param command string
local function check_server(command)
  if vim.fn.executable(command) == 0 then
    vim.health.error(('`%s` is not on the PATH'):format(command), {
      'Install it: `pipx install .` in its clone',
      "or say where it is: `require('lsp_writer').setup({ cmd = { '/path/to/lsp-writer', '--stdio' } })`",
    })
    return
  end
  vim.health.ok('server: `' .. vim.fn.exepath(command) .. '`')
  local doctor = vim.system({ command, 'doctor' }, { text = true }):wait(30000)
  local report = vim.trim(doctor.stdout .. doctor.stderr)
  if doctor.code == 0 then
    vim.health.ok('`lsp-writer doctor` finds nothing wrong')
  else
    vim.health.error('`lsp-writer doctor` says:\n' .. report)
  end
end

function M.check()
  vim.health.start('lsp_writer')
  if vim.fn.has('nvim-0.11') == 0 then
    vim.health.error('Neovim 0.11 or later is needed')
    return
  end
  check_server(vim.lsp.config.lsp_writer.cmd[1])
  check_options()
  if not vim.lsp.is_enabled('lsp_writer') then
    vim.health.error('not enabled', "Put `require('lsp_writer').setup()` into init.lua")
  end
  local clients = vim.lsp.get_clients({ name = 'lsp_writer' })
  if #clients == 0 then
    vim.health.warn('not running', 'Open a Markdown or text file')
  else
    vim.health.ok('running: ' .. require('lsp_writer').status())
  end
end

return M

if vim.g.loaded_lsp_writer then
  return
end
vim.g.loaded_lsp_writer = true

vim.api.nvim_create_user_command('LspWriter', function(options)
  require('lsp_writer.commands').run(options)
end, {
  nargs = '+',
  range = true,
  desc = 'Rewrites by the writer’s language server',
  complete = function(_, line)
    return require('lsp_writer.commands').complete(line)
  end,
})

local group = vim.api.nvim_create_augroup('lsp_writer', {})

vim.api.nvim_create_autocmd('CmdlineLeave', {
  group = group,
  pattern = ':',
  callback = function()
    require('lsp_writer.commands').on_entered(vim.fn.getcmdline())
  end,
})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'lsp_writer' then
      require('lsp_writer').attach(client, event.buf)
    end
  end,
})

vim.api.nvim_create_autocmd('LspProgress', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'lsp_writer' then
      require('lsp_writer.commands').on_progress(event.data.params)
    end
  end,
})

<?php
/**
 * The form that finds an order: its number, and one thing that only the buyer knows.
 *
 * It carries no nonce: it changes nothing in the shop, Doorstep counts tries, and a nonce would break the form
 * in every page that a cache keeps.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;
?>
<div class="doorstep-track">
<h2><?php echo esc_html( $doorstep['heading'] ); ?></h2>
<p><?php echo esc_html( $doorstep['text'] ); ?></p>
<form method="post" action="<?php echo esc_url( $doorstep['action'] ); ?>">
<div class="doorstep-field">
<label for="doorstep-number-<?php echo esc_attr( $doorstep['id'] ); ?>"><?php esc_html_e( 'Order number', 'doorstep' ); ?></label>
<input type="text" id="doorstep-number-<?php echo esc_attr( $doorstep['id'] ); ?>" name="number" value="<?php echo esc_attr( $doorstep['number'] ); ?>" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="200" required>
</div>
<div class="doorstep-field">
<label for="doorstep-proof-<?php echo esc_attr( $doorstep['id'] ); ?>"><?php esc_html_e( 'E-mail address or postcode', 'doorstep' ); ?></label>
<span class="doorstep-hint" id="doorstep-hint-<?php echo esc_attr( $doorstep['id'] ); ?>"><?php esc_html_e( 'The one that you gave with the order.', 'doorstep' ); ?></span>
<input type="text" id="doorstep-proof-<?php echo esc_attr( $doorstep['id'] ); ?>" name="proof" value="<?php echo esc_attr( $doorstep['proof'] ); ?>" autocomplete="email" autocapitalize="none" spellcheck="false" maxlength="200" required aria-describedby="doorstep-hint-<?php echo esc_attr( $doorstep['id'] ); ?>">
</div>
<button type="submit" class="doorstep-press button wp-element-button"><?php esc_html_e( 'Show my order', 'doorstep' ); ?></button>
</form>
</div>

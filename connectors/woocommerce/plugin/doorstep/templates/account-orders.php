<?php
/**
 * The customer's last orders that ship, each with its link.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

if ( ! $doorstep_orders ) : ?>
<p class="woocommerce-info"><?php esc_html_e( 'None of your last orders is shipped.', 'doorstep' ); ?></p>
<?php else : ?>
<table class="woocommerce-orders-table shop_table shop_table_responsive my_account_orders account-orders-table">
<thead><tr>
<th scope="col"><?php esc_html_e( 'Order', 'doorstep' ); ?></th>
<th scope="col"><?php esc_html_e( 'Date', 'doorstep' ); ?></th>
<th scope="col"><?php esc_html_e( 'Status', 'doorstep' ); ?></th>
<th scope="col"><span class="screen-reader-text"><?php esc_html_e( 'Track', 'doorstep' ); ?></span></th>
</tr></thead>
<tbody>
<?php foreach ( $doorstep_orders as $doorstep_order ) : ?>
<tr>
<th scope="row" data-title="<?php esc_attr_e( 'Order', 'doorstep' ); ?>"><a href="<?php echo esc_url( $doorstep_order->get_view_order_url() ); ?>"><?php echo esc_html( '#' . $doorstep_order->get_order_number() ); ?></a></th>
<td data-title="<?php esc_attr_e( 'Date', 'doorstep' ); ?>"><?php echo esc_html( wc_format_datetime( $doorstep_order->get_date_created() ) ); ?></td>
<td data-title="<?php esc_attr_e( 'Status', 'doorstep' ); ?>"><?php echo esc_html( wc_get_order_status_name( $doorstep_order->get_status() ) ); ?></td>
<td>
<?php /* translators: %s: order number */ ?>
<a class="woocommerce-button wp-element-button button" href="<?php echo esc_url( order_link( $doorstep_order ) ); ?>" aria-label="<?php echo esc_attr( sprintf( __( 'Track order number %s', 'doorstep' ), $doorstep_order->get_order_number() ) ); ?>"><?php esc_html_e( 'Track', 'doorstep' ); ?></a>
</td>
</tr>
<?php endforeach; ?>
</tbody>
</table>
<?php endif; ?>
